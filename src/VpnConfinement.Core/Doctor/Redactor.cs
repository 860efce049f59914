using System.Globalization;
using System.Text.RegularExpressions;
using VpnConfinement.Model;

namespace VpnConfinement.Doctor;

/// <summary>
/// Takes keys, addresses and names out of text for a bug report. The same name has the same stand-in everywhere, so
/// that what belongs together stays so. What is not known to be harmless goes.
/// </summary>
/// <param name="names">Names of the user's that are known.</param>
public sealed partial class Redactor(IEnumerable<KnownName> names)
{
    // Units that a distribution brings, and files that are the same on every host.
    private static readonly HashSet<string> PlainUnits = new(FactLines.Daemons, StringComparer.Ordinal)
    {
        "wg-quick@.service", "docker.socket", "podman.socket", "05-vpn-confinement.network",
        "vpn-confinement-confirm.service", "vpn-confinement-confirm.timer",
    };

    private const string KeyStandIn = "<key>";

    private static readonly HashSet<string> PlainFiles = new(StringComparer.Ordinal)
    {
        "/dev/net/tun", "/dev/null", "/etc/NetworkManager/conf.d/vpn-confinement.conf", "/etc/connman/main.conf",
        "/etc/dhcpcd.conf", "/etc/fstab", "/etc/nsswitch.conf", "/etc/passwd", "/etc/resolv.conf", "/etc/sysctl.d",
        "/etc/systemd/network/05-vpn-confinement.network", "/etc/systemd/system",
        "/etc/vpn-confinement/config.toml", "/etc/vpn-confinement/conf.d", "/etc/wireguard", "/run/systemd/system",
        "/run/wireguard", "/sys/fs/cgroup", "/usr/bin/wireguard-go", "/usr/local/bin/wireguard-go",
        "/usr/bin/vpn-confinement", "/usr/local/bin/vpn-confinement", "/usr/sbin/nft",
        "/var/lib/systemd/timesync/clock", "/var/lib/vpn-confinement", "/var/lib/vpn-confinement/manifest.json",
    };

    private static readonly HashSet<string> PlainNames = new(StringComparer.Ordinal)
    {
        "config.toml", "dhcpcd.conf", "main.conf", "resolv.conf", "nsswitch.conf", "manifest.json", "libnftables.so",
        "fs.inotify", "dns.servers", "plan.json",
    };

    // One pass, so that no rule sees what another has put in. What stands first in the list is tried first.
    private static readonly string Patterns =
        @"(?<key>(?<![A-Za-z0-9+/])[A-Za-z0-9+][A-Za-z0-9+/]{39,}={0,2}"
        + @"|(?<![A-Za-z0-9+/])/[A-Za-z0-9+/]{42}(?![A-Za-z0-9+/])=?"
        + @"|(?<![0-9A-Fa-f])[0-9A-Fa-f]{64}(?![0-9A-Fa-f]))"
        + @"|(?<mac>(?<![0-9A-Fa-f:])(?:[0-9A-Fa-f]{2}:){5}[0-9A-Fa-f]{2}(?![0-9A-Fa-f:]))"
        + @"|(?<six>\[?(?<![0-9A-Za-z:])[0-9A-Fa-f]*:[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*[0-9A-Fa-f:](?:%[\w.-]*\w)?"
        + @"(?:\](?::\d{1,5})?|/\d{1,3})?(?![0-9A-Za-z]))"
        + @"|(?<four>(?<!\d)\d{1,3}(?:\.\d{1,3}){3}(?:/\d{1,2}|:\d{1,5})?(?!\d))"
        + @"|(?<file>(?<![\w<>/])/[^\s'"",;()<>|]*[^\s'"",;:.()<>|])"
        + $@"|(?<unit>[\p{{L}}\p{{N}}_@:.\\-]+\.(?:{string.Join('|', UnitName.Types)}"
        + @"|network|netdev|link)(?![\w-]))"
        + @"|(?<host>(?<![\w.-])[\p{L}\p{N}_](?:[\p{L}\p{N}_-]*[\p{L}\p{N}_])?"
        + @"(?:\.[\p{L}\p{N}](?:[\p{L}\p{N}-]*[\p{L}\p{N}])?)*\.\p{L}(?:[\p{L}\p{N}-]*[\p{L}\p{N}])?(?![\w-]))";

    private const string InterfaceOption = "wireguard.interfaces.";
    private const string MtuOption = ".mtu";

    private readonly Dictionary<string, KnownName> _names = names.Where(n => n.Name.Length > 0)
        .DistinctBy(n => n.Name, StringComparer.OrdinalIgnoreCase)
        .ToDictionary(n => n.Name, StringComparer.OrdinalIgnoreCase);

    private readonly Dictionary<(string Kind, string Text), string> _standIns = [];
    private readonly Dictionary<string, int> _counts = new(StringComparer.Ordinal);
    private Regex? _all;

    /// <summary>The text without keys, and with all else.</summary>
    public static string WithoutKeys(string text) => Key().Replace(text, KeyStandIn);

    /// <summary>The text without keys, addresses and names.</summary>
    public string Redact(string text)
    {
        _all ??= new Regex(
            string.Join('|', Named(IsPath), Patterns, Named(n => !IsPath(n))), RegexOptions.CultureInvariant);
        return _all.Replace(text, StandIn);
    }

    private static bool IsPath(KnownName name) => name.Kind == "path";

    // Not beside a letter or a digit; the longest first, since one may begin with another.
    private string Named(Func<KnownName, bool> which)
    {
        var words = _names.Values.Where(which).Select(n => n.Name).OrderByDescending(n => n.Length)
            .ThenBy(n => n, StringComparer.Ordinal).Select(Regex.Escape).DefaultIfEmpty("(?!)");
        return $@"(?<name>(?<![\p{{L}}\p{{N}}])(?i:{string.Join('|', words)})(?![\p{{L}}\p{{N}}]))";
    }

    private string StandIn(Match match)
    {
        var text = match.Value;
        bool Is(string group) => match.Groups[group].Success;
        return Is("name") ? StandIn(_names[text].Kind, _names[text].Name)
            : Is("key") ? KeyStandIn
            : Is("mac") ? StandIn("mac", text)
            : Is("six") ? (IsIPv6(text) ? StandIn("address", text) : text)
            : Is("four") ? StandIn("address", text)
            : Is("file") ? (IsPlainFile(text) ? text : StandIn("path", text))
            : Is("unit") ? (PlainUnits.Contains(text) ? text : StandIn("unit", text))
            : PlainNames.Contains(text) ? text
            : text.StartsWith(InterfaceOption, StringComparison.Ordinal)
                && text.EndsWith(MtuOption, StringComparison.Ordinal)
                ? InterfaceOption + StandIn("interface", text[InterfaceOption.Length..^MtuOption.Length]) + MtuOption
            : StandIn("host", text);
    }

    private static bool IsPlainFile(string path) =>
        PlainFiles.Contains(path) || path.StartsWith("/proc/sys/", StringComparison.Ordinal);

    // A time of day, and a place in a file, have colons as well.
    private static bool IsIPv6(string text) =>
        text.Contains("::", StringComparison.Ordinal) || text.Count(c => c == ':') >= 4;

    private string StandIn(string kind, string text)
    {
        if (!_standIns.TryGetValue((kind, text), out var standIn))
        {
            var number = _counts[kind] = _counts.GetValueOrDefault(kind) + 1;
            standIn = _standIns[(kind, text)] = string.Create(CultureInfo.InvariantCulture, $"<{kind}-{number}>");
        }

        return standIn;
    }

    // A key of WireGuard in base64, whole or all but whole, or in hex.
    [GeneratedRegex("(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{40,}={0,2}|(?<![0-9A-Fa-f])[0-9A-Fa-f]{64}(?![0-9A-Fa-f])")]
    private static partial Regex Key();
}
