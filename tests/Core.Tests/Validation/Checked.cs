using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.Text;
using VpnConfinement.Validation;

namespace VpnConfinement.Core.Tests.Validation;

/// <summary>A configuration that was validated on a host on which every key file is there with mode 0600, and no unit is.</summary>
internal sealed record Checked(Confinement? Confinement, IReadOnlyList<Diagnostic> Findings, string Text)
{
    internal const string Key = "PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0=";

    /// <summary>The only namespace of an accepted configuration.</summary>
    internal ConfinedNamespace Only => Assert.Single(Assert.IsType<Confinement>(Confinement).Namespaces);

    /// <summary>Codes of errors and warnings, in the order of their places.</summary>
    internal IEnumerable<string> Codes => Findings.Select(f => f.Code);

    /// <summary>The namespace m with an interface that works, and what the options add to either.</summary>
    internal static Checked One(string ns, string wireGuard = "", string peer = "", string top = "", FileFact? keyFile = null) =>
        Run(top + "\n" + Namespace("m", "wg0", ns, wireGuard, peer), keyFile: keyFile);

    /// <summary>A namespace with an interface that works. What is added wins over what is there by itself.</summary>
    internal static string Namespace(string name, string interfaceName, string ns = "", string wireGuard = "", string peer = "") => $$"""
        [namespaces.{{name}}]
        {{Unless("wireguard.interface ", ns, $"wireguard.interface = \"{interfaceName}\"")}}
        {{Unless("dns.servers", ns, Unless("dns = ", ns, "dns.servers = [\"10.64.0.1\"]"))}}
        {{ns}}

        [wireguard.interfaces.{{interfaceName}}]
        {{Unless("ips", wireGuard, "ips = [\"10.64.0.2/32\"]")}}
        {{Unless("privateKey", wireGuard.Replace("generatePrivateKeyFile", "", StringComparison.Ordinal), "privateKeyFile = \"/etc/wireguard/m.key\"")}}
        {{wireGuard}}
        {{Unless("peers", wireGuard, $"peers = [ {{ {Peer(peer)} }} ]")}}

        """;

    /// <summary>A peer that works.</summary>
    internal static string Peer(string peer = "", string key = Key) => string.Join(", ", new[]
    {
        Unless("publicKey", peer, $"publicKey = \"{key}\""), Unless("endpoint", peer, "endpoint = \"198.51.100.7:51820\""), Unless("allowedIPs", peer, "allowedIPs = [\"0.0.0.0/0\"]"), peer,
    }.Where(p => p.Length > 0));

    internal static Checked Run(string text, IReadOnlyDictionary<string, string>? files = null, FileFact? keyFile = null)
    {
        var findings = new DiagnosticBag();
        if (ConfigReader.Read([(new SourceText("config.toml", text), false)], findings) is not { } config)
        {
            return new Checked(null, findings.Sorted(), text);
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
        return new Checked(confinement, findings.Sorted(), text);
    }

    /// <summary>What the configuration says at the place of a finding.</summary>
    internal string At(Diagnostic finding) => Text.Split('\n')[finding.Span.Line - 1].Substring(finding.Span.Column - 1, finding.Span.Length);

    private static string Unless(string option, string written, string text) => written.Contains(option, StringComparison.Ordinal) ? "" : text;
}
