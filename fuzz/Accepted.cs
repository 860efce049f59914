using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.Text;
using VpnConfinement.Validation;

namespace VpnConfinement.Fuzz;

/// <summary>Validates on a host on which everything is there and fine.</summary>
internal static class Accepted
{
    private static readonly SourceText Provider = new("/etc/wireguard/m.conf", $"[Interface]\nPrivateKey = {Dictionary.Keys[1]}\nAddress = 10.64.0.2/32, fd00::2/128\nDNS = 10.64.0.1\n[Peer]\nPublicKey = {Dictionary.Keys[0]}\nAllowedIPs = 0.0.0.0/0, ::/0\nEndpoint = 198.51.100.7:51820\n");

    internal static Confinement? Confine(ConfigFile config, SourceText source, SourceText? provider, DiagnosticBag findings)
    {
        var requests = Validator.Requests(config);
        var facts = new HostFacts
        {
            Files = requests.KeyFiles.Select(f => (Name: f, Text: (SourceText?)null)).Concat(requests.TextFiles.Select(f => (Name: f, Text: (SourceText?)(provider ?? Provider))))
                .DistinctBy(f => f.Name).ToDictionary(f => f.Name, f => (FileFact)new FileFact.Present(OthersCanRead: false, f.Text ?? provider ?? Provider)),
            Units = requests.Units.ToDictionary(
                u => u, u => u.EndsWith(".service", StringComparison.Ordinal) ? (UnitFact)new UnitFact.Present(u, [new SourceText(u, "[Service]\nUser=app\nExecStart=/usr/bin/app\n")]) : new UnitFact.Missing()),
        };
        var confinement = Validator.Validate(config, facts, strict: false, findings);
        return confinement is null && !findings.HasErrors ? throw new Violation($"{source.File} is refused without an error") : confinement;
    }
}
