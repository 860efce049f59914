using CsCheck;
using VpnConfinement.Compile;
using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.Text;
using VpnConfinement.Validation;

namespace VpnConfinement.Core.Tests.Compile;

/// <summary>Random configurations that are accepted, as the texts of their tables, so that the order can be changed.</summary>
internal static class Generated
{
    private static readonly string Key = Convert.ToBase64String(new byte[32]);

    internal static readonly Gen<string[]> Tables =
        from namespaces in Gen.Int[1, 4]
        from ipv6 in Gen.Bool.Array[namespaces]
        from ports in Gen.Int[1, 65535].Array[0, 3].Array[namespaces]
        from services in Gen.Int[0, 3].Array[namespaces]
        from strict in Gen.Bool.Array[namespaces]
        from host in Gen.Int[1, 60].Array[namespaces]
        select Enumerable.Range(0, namespaces).SelectMany(n => Namespace(n, ipv6[n], ports[n], services[n], strict[n], host[n])).ToArray();

    internal static CompiledTree Compile(IEnumerable<string> tables) => Compiler.Compile(Confine(tables));

    internal static Confinement Confine(IEnumerable<string> tables)
    {
        var findings = new DiagnosticBag();
        var config = ConfigReader.Read([(new SourceText("generated", string.Concat(tables)), false)], findings);
        Assert.True(config is not null, string.Join('\n', findings.Sorted()));
        var requests = Validator.Requests(config);
        var facts = new HostFacts
        {
            Files = requests.KeyFiles.ToDictionary(f => f, _ => (FileFact)new FileFact.Present(OthersCanRead: false, null)),
            Units = requests.Units.ToDictionary(u => u, _ => (UnitFact)new UnitFact.Missing()),
        };
        var confinement = Validator.Validate(config, facts, strict: false, findings);
        Assert.True(confinement is not null, string.Join('\n', findings.Sorted()));
        return confinement;
    }

    private static IEnumerable<string> Namespace(int n, bool ipv6, int[] ports, int services, bool strict, int host)
    {
        yield return $"""
            [namespaces.ns{n}]
            wireguard.interface = "wg{n}"
            dns.servers = ["10.{n}.0.1"{(ipv6 ? $", \"fd00:{n}::1\"" : "")}]
            ipv6.mode = "{(ipv6 ? "tunnel" : "disable")}"
            publishToHost.tcp = [{string.Join(", ", ports)}]
            hostLink.subnetIPv4 = "169.254.{host}.{4 * n}/30"

            """;
        yield return $$"""
            [wireguard.interfaces.wg{{n}}]
            ips = ["10.{{n}}.0.2/32", "fd00:{{n}}::2/128"]
            privateKeyFile = "/etc/wireguard/{{n}}.key"
            peers = [ { publicKey = "{{Key}}", endpoint = "198.51.100.{{n + 1}}:51820", allowedIPs = ["0.0.0.0/0", "::/0"] } ]

            """;
        for (var s = 0; s < services; s++)
        {
            yield return $"""
                [services.app{n}-{s}.vpn]
                namespace = "ns{n}"
                hardeningProfile = "{(strict ? "strict" : "baseline")}"

                """;
        }
    }
}
