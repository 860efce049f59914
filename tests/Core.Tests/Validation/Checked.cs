using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.Text;
using VpnConfinement.Validation;

namespace VpnConfinement.Core.Tests.Validation;

/// <summary>A configuration that was validated on a host on which every key file is there with mode 0600, and no unit is.</summary>
internal sealed record Checked(Confinement? Confinement, IReadOnlyList<Diagnostic> Findings)
{
    internal const string Key = "PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0=";

    /// <summary>The only namespace of an accepted configuration.</summary>
    internal ConfinedNamespace Namespace => Assert.Single(Assert.IsType<Confinement>(Confinement).Namespaces);

    /// <summary>Codes of errors and warnings, in the order of their places.</summary>
    internal IEnumerable<string> Codes => Findings.Select(f => f.Code);

    /// <summary>The namespace m with an interface that works, and what the options add to either.</summary>
    internal static Checked One(string ns, string wireGuard = "", string peer = "endpoint = \"198.51.100.7:51820\"", string top = "", FileFact? keyFile = null) => Run(
        $$"""
        {{top}}
        [namespaces.m]
        dns.servers = ["10.64.0.1"]
        {{ns}}

        [wireguard.interfaces.wg0]
        ips = ["10.64.0.2/32"]
        privateKeyFile = "/etc/wireguard/m.key"
        {{wireGuard}}
        peers = [ { publicKey = "{{Key}}", allowedIPs = ["0.0.0.0/0"]{{(peer.Length > 0 ? ", " : "")}}{{peer}} } ]

        """,
        keyFile: keyFile);

    internal static Checked Run(string text, IReadOnlyDictionary<string, string>? files = null, FileFact? keyFile = null)
    {
        var findings = new DiagnosticBag();
        if (ConfigReader.Read([(new SourceText("config.toml", text), false)], findings) is not { } config)
        {
            return new Checked(null, findings.Sorted());
        }

        var requests = Validator.Requests(config);
        var facts = new HostFacts
        {
            Files = requests.KeyFiles.ToDictionary(f => f, _ => keyFile ?? new FileFact.Present(OthersCanRead: false, null))
                .Concat(requests.TextFiles.ToDictionary(f => f, f => files?.GetValueOrDefault(f) is { } content ? (FileFact)new FileFact.Present(OthersCanRead: false, new SourceText(f, content)) : new FileFact.Missing()))
                .ToDictionary(f => f.Key, f => f.Value),
            Units = requests.Units.ToDictionary(u => u, _ => (UnitFact)new UnitFact.Missing()),
        };
        var confinement = Validator.Validate(config, facts, strict: false, findings);
        return new Checked(confinement, findings.Sorted());
    }
}
