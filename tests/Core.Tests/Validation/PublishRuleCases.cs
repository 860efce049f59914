namespace VpnConfinement.Core.Tests.Validation;

/// <summary>The rule about published ports, VPC063.</summary>
internal static class PublishRuleCases
{
    internal static IReadOnlyList<Rule> All { get; } =
    [
        Rule.OfNamespace("VPC063", "publish[0].listen", "{ to = 80 }", "publish = [ { to = 80 } ]", "publish = []"),
        Rule.OfNamespace("VPC063", "publish[0].to", "{ listen = \"*:80\" }", "publish = [ { listen = \"*:80\" } ]", "publish = [ { listen = \"*:80\", to = 1 } ]"),
        Listen("8080", "*:8080"),
        Listen("*:0", "*:1"),
        Listen("*:65536", "*:65535"),
        Listen("*:080", "*:80"),
        Listen("localhost:80", "127.0.0.1:80"),
        Listen("127.1:80", "127.255.255.254:80"),
        Listen("::1:80", "[::1]:80"),
        Listen("[fe80::1]:80", "[fd00::1]:80"),
        Listen("[fe80::1%eth0]:80", "[2001:db8::1]:80"),
        Listen("0.0.0.0:80", "*:80"),
        Listen("[::]:80", "*:80"),
        Listen("224.0.0.1:80", "223.255.255.255:80"),
        Listen("255.255.255.255:80", "192.168.1.255:80"),
        Listen("[ff02::1]:80", "[fd02::1]:80"),
        Listen("unix:x.sock", "unix:/x.sock"),
        Listen("unix:", "unix:/x"),
        Listen("unix:/run/../x.sock", "unix:/run/..x.sock"),
        Listen("unix:/run//x.sock", "unix:/run/x.sock"),
        Listen("unix:/run/x y.sock", "unix:/run/x%y.sock"),
        Listen("unix:/" + new string('x', 107), "unix:/" + new string('x', 106)),
        Listen("unix:/" + new string('é', 54), "unix:/" + new string('é', 53)),
        Listen("unix:/run/docker.sock", "unix:/run/docker.sock.mine"),
        Listen("unix:/var/run/docker.sock", "unix:/var/lib/docker.sock"),
        Listen("unix:/var/run", "unix:/var/runx"),
        Listen("unix:/run/systemd/journal/x", "unix:/run/systemdx"),
        Listen("unix:/run/vpn-confinement/x", "unix:/run/vpn-confinementx"),
        Listen("unix:/var/lib/vpn-confinement/x", "unix:/var/lib/vpn/x"),
        Listen("unix:/etc/x", "unix:/srv/etc/x"),
        Listen("unix:/run", "unix:/running"),
        Rule.OfNamespace("VPC063", "publish[1].listen", "\"127.0.0.1:80\"", Two("*:80", "127.0.0.1:80"), Two("*:80", "127.0.0.1:81")),
        Rule.OfNamespace("VPC063", "publish[1].listen", "\"*:80\"", Two("[::1]:80", "*:80"), Two("[::1]:80", "127.0.0.1:80")),
        Rule.OfNamespace("VPC063", "publish[1].listen", "\"[::0:1]:80\"", Two("[::1]:80", "[::0:1]:80"), Two("[::1]:80", "[::2]:80")),
        Rule.OfNamespace("VPC063", "publish[1].listen", "\"unix:/srv/a/b\"", Two("unix:/srv/a", "unix:/srv/a/b"), Two("unix:/srv/a", "unix:/srv/ab")),
        Rule.Between("VPC063", "publish[0].listen", "\"*:80\"", Entry("*:80"), Entry("*:80"), Entry("*:81")),
        Rule.Between(
            "VPC063", "publish[0].listen", "\"169.254.77.5:80\"", "hostLink = { enable = true, subnetIPv4 = \"169.254.77.4/30\" }", Entry("169.254.77.5:80"), Entry("169.254.77.8:80")),
    ];

    private static Rule Listen(string broken, string kept) => Rule.OfNamespace("VPC063", "publish[0].listen", $"\"{broken}\"", Entry(broken), Entry(kept));

    private static string Entry(string listen) => $"publish = [ {{ listen = \"{listen}\", to = 80 }} ]";

    private static string Two(string first, string second) => $"publish = [ {{ listen = \"{first}\", to = 80 }}, {{ listen = \"{second}\", to = 80 }} ]";
}
