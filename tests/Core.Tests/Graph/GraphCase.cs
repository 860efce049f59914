using VpnConfinement.Compile;
using VpnConfinement.Core.Tests.Validation;
using VpnConfinement.Graph;

namespace VpnConfinement.Core.Tests.Graph;

/// <summary>Configurations whose pictures are kept.</summary>
internal static class GraphCase
{
    private static readonly string[] Programs = ["sonarr", "radarr", "prowlarr", "transmission-daemon", "jackett"];

    internal static IReadOnlyDictionary<string, string> All { get; } = new Dictionary<string, string>
    {
        ["nothing"] = "",
        ["one-service"] = Checked.Namespace("media", "wg0") + Service("transmission-daemon", "media"),
        ["five-services"] = Five,
        ["thirty-services"] = Thirty,
    };

    internal static IReadOnlyList<GraphNamespace> Of(string text)
    {
        // An empty configuration is refused, and nothing may be applied.
        if (text.Length == 0)
        {
            return [];
        }

        var tree = Compiler.Compile(Checked.Run(text) is { Confinement: { } confinement } ? confinement
            : throw new InvalidOperationException(string.Join('\n', Checked.Run(text).Findings)));
        var texts = tree.Files.ToDictionary(f => f.Path, f => f.Content);
        return [.. tree.Namespaces.Zip(tree.Plans, (n, p) => GraphReader.Of(n, p, texts.GetValueOrDefault))];
    }

    // Two namespaces, and most of what a namespace can have.
    private static string Five => Checked.Namespace("media", "wg0", """
            publishToHost.tcp = [9091]
            ingress.fromTunnel.tcp = [51413]
            ingress.fromTunnel.udp = [51413]
            publish = [
                { listen = "127.0.0.1:8080", to = 9091 }, { listen = "[::1]:8080", to = 9091 },
                { listen = "*:8989", to = 8989 }, { listen = "unix:/run/web.sock", to = 7878 },
            ]
            """)
        + Checked.Namespace("private", "wg1", """
            egress.mode = "allowList"
            egress.allowedTcpPorts = [80, 443]
            egress.allowedCidrs = ["192.0.2.0/24", "203.0.113.0/24"]
            """, peer: "endpoint = \"[2001:db8::7]:51820\"")
        + string.Concat(Programs.Take(4).Select(p => Service(p, "media"))) + Service("updater", "private")
        + "[sockets.sonarr.vpn]\nnamespace = \"media\"\n";

    private static string Thirty =>
        Checked.Namespace("media", "wg0", "publish = [{ listen = \"127.0.0.1:8080\", to = 9091 }]")
        + Checked.Namespace(
            "a-namespace-with-a-name-that-is-as-long-as-a-name-can-be", "wg1", "wireguard.socketNamespace = \"media\"",
            wireGuard: "ips = [\"10.64.0.2/32\", \"10.65.0.2/32\"]")
        + string.Concat(Enumerable.Range(0, 27).Select(n => Service($"{Programs[n % 5]}@{n}", "media")))
        + Service("one", "a-namespace-with-a-name-that-is-as-long-as-a-name-can-be")
        + Service("two", "a-namespace-with-a-name-that-is-as-long-as-a-name-can-be")
        + Service(
            "a-service-with-a-name-that-is-far-too-long-for-a-box-of-a-picture",
            "a-namespace-with-a-name-that-is-as-long-as-a-name-can-be");

    private static string Service(string name, string ns) => $"[services.\"{name}\".vpn]\nnamespace = \"{ns}\"\n";
}
