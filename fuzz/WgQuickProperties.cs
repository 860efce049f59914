using System.Text;
using VpnConfinement.Config;
using VpnConfinement.Config.WgQuick;
using VpnConfinement.Diagnostics;
using VpnConfinement.Text;

namespace VpnConfinement.Fuzz;

/// <summary>What holds of every text that is read as a wg-quick file.</summary>
internal static class WgQuickProperties
{
    private static readonly SourceText Config = new(
        "config.toml", "[namespaces.media]\nwireguard.configFile = \"/etc/wireguard/m.conf\"\npublishToHost.tcp = [80]\n[services.app.vpn]\nnamespace = \"media\"\n");

    internal static string Check(string content)
    {
        var text = new SourceText("/etc/wireguard/m.conf", content);
        var findings = new DiagnosticBag();
        var file = WgQuickReader.Read(text, "x", findings);
        FindingProperties.Check(findings.Sorted(), text);
        if (file is null)
        {
            return Kind(findings);
        }

        RoundTrip(file);
        findings = new DiagnosticBag();
        var confinement = Accepted.Confine(ConfigReader.Read([(Config, false)], findings)!, Config, text, findings);
        FindingProperties.Check(findings.Sorted(), text, Config);
        if (confinement is null)
        {
            return "read " + Kind(findings);
        }

        foreach (var (form, value) in file.Interface.Addresses.Select(a => (TextForm.InterfaceAddress, a.Value)).Concat(file.DnsServers.Select(s => (TextForm.Address, s.Value)))
            .Concat(file.DnsSearch.Select(s => (TextForm.Domain, s.Value))).Concat(file.Interface.Peers.SelectMany(p => p.AllowedIPs).Select(a => (TextForm.Cidr, a.Value)))
            .Concat(file.Interface.Peers.Select(p => p.Endpoint?.Value).OfType<string>().Select(e => (TextForm.Endpoint, e)))
            .Concat(file.Interface.Peers.Select(p => (TextForm.Key, p.PublicKey!.Value))))
        {
            FormProperties.Check(form, value);
        }

        OutputProperties.Check(confinement);
        return "accepted " + Kind(findings);
    }

    private static void RoundTrip(WgQuickFile file)
    {
        var printed = new StringBuilder("[Interface]\n");
        var own = file.Interface;
        Line(printed, "Address", string.Join(",", own.Addresses.Select(a => a.Value)));
        Line(printed, "DNS", string.Join(",", file.DnsServers.Concat(file.DnsSearch).Select(a => a.Value)));
        Line(printed, "PrivateKey", own.PrivateKey?.Value.Reveal());
        Line(printed, "ListenPort", own.ListenPort?.Value);
        Line(printed, "MTU", own.Mtu?.Value);
        Line(printed, "FwMark", own.FwMark?.Value);
        Line(printed, "Table", own.AllowedIPsAsRoutes is null ? null : "off");
        Line(printed, "PostUp", file.HookKeyFile is { } key ? $"wg set m private-key {key.Value}" : null);
        foreach (var peer in own.Peers)
        {
            printed.Append("[Peer]\n");
            Line(printed, "PublicKey", peer.PublicKey?.Value);
            Line(printed, "PresharedKey", peer.PresharedKey?.Value.Reveal());
            Line(printed, "AllowedIPs", string.Join(",", peer.AllowedIPs.Select(a => a.Value)));
            Line(printed, "Endpoint", peer.Endpoint?.Value);
            Line(printed, "PersistentKeepalive", peer.PersistentKeepalive?.Value);
        }

        var again = WgQuickReader.Read(new SourceText("/etc/wireguard/m.conf", printed.ToString()), "x", new DiagnosticBag());
        if (again is null || Said.By(again) != Said.By(file))
        {
            throw new Violation($"does not mean the same when printed as {printed}");
        }
    }

    private static void Line(StringBuilder printed, string key, object? value)
    {
        if (value is not null)
        {
            printed.Append(System.Globalization.CultureInfo.InvariantCulture, $"{key} = {value}\n");
        }
    }

    private static string Kind(DiagnosticBag findings) => string.Join(' ', findings.Sorted().Select(f => f.Code + f.Message.Length % 7).Distinct().Order(StringComparer.Ordinal));
}
