using VpnConfinement.Config;

namespace VpnConfinement.Fuzz;

/// <summary>Pieces of which inputs are made.</summary>
internal static class Dictionary
{
    /// <summary>Keys that are planted; no finding may show one.</summary>
    internal static readonly string[] Keys =
    [
        "PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0=", "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=", "ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=",
    ];

    internal static readonly string[] Options = [.. Below(OptionTables.Top).Distinct()];

    internal static readonly string[] Toml =
    [
        "[", "]", "[[", "]]", "{", "}", "=", ".", ",", "\"", "'", "\"\"\"", "'''", "#", "\n", "\r\n", "\r", "\\", "\\u0000", "\\u000a", "\\U0001F600", "\\e", "true", "false", "inf", "nan",
        "0x1F", "0o17", "0b11", "1_000", "+1", "-0", "1e3", "1.5", "2020-01-01", "2020-01-01T00:00:00Z", " = ", "\n[namespaces.a]\n", "[services.app.vpn]\n", "[[wireguard.interfaces.wg0.peers]]\n", "\"a\".b",
    ];

    internal static readonly string[] Json =
    [
        "{", "}", "[", "]", ":", ",", "\"", "\\", "\\u0000", "\\u000a", "\\ud800", "null", "true", "false", "1e3", "1.5", "-0", "01", "//", "\n", "{\"namespaces\":", "{\"vpn\":{}}",
    ];

    internal static readonly string[] WgQuick =
    [
        "[Interface]\n", "[Peer]\n", "[interface]", "[", "]", "=", " = ", "#", "\n", "\r\n", ",", ", ", "Address", "DNS", "MTU", "PrivateKey", "ListenPort", "FwMark", "Table", "PreUp", "PostUp", "PreDown", "PostDown",
        "SaveConfig", "PublicKey", "PresharedKey", "AllowedIPs", "Endpoint", "PersistentKeepalive", "off", "auto",
        "Jc", "S1", "H1", "I1", " = 0", "BlockDNS", "ObfuscateKey", "[Socks5]\n", "client\n", "remote x\n", "wg set %i private-key /k", " ",
    ];

    internal static readonly string[] Values =
    [
        .. Keys, "0", "1", "65535", "65536", "-1", "9223372036854775807", "9223372036854775808", "4294967295", "4294967296", "0x1f", "010", "0.0.0.0/0", "::/0", "10.0.0.1", "10.0.0.1/33", "10.0.0.0/8", "010.0.0.1", "1.2.3",
        "::1", "fd00::1/64", "fe80::1%eth0", "::ffff:1.2.3.4", "198.51.100.7:51820", "[2001:db8::7]:51820", "host.example:51820", "127.0.0.1:8080", "unix:/run/x.sock", "*:80", "/etc/x", "/run/x", "/../x", "media", "init", "wg0", "lo", "ve-x",
        "0123456789abcde", "0123456789abcdef", "app@", "app@x.service", "a.socket", "AF_INET6", "CAP_CHOWN", "%n", "%%", "$x", ";", "`", "\0", "\u001b[31m", "\u00e9", "e\u0301", "\u0430", "\u202e", "\u200b", "\ufeff", "\ud83d\ude00", "\u2028", "\u0085", "\t", " ",
    ];

    private static IEnumerable<string> Below(OptionTable table) => table.Options.SelectMany(o => o.Type switch
    {
        OptionType.Table one => Below(one.Options).Prepend(o.Name),
        OptionType.NamedTables named => Below(named.Options).Prepend(o.Name),
        OptionType.TableList list => Below(list.Options).Prepend(o.Name),
        OptionType.Choice choice => choice.Names.Prepend(o.Name),
        _ => [o.Name],
    });
}
