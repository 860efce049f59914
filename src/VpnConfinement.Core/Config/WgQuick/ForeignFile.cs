namespace VpnConfinement.Config.WgQuick;

/// <summary>A text that another program than wg-quick reads, known by what only that program writes.</summary>
/// <param name="Sentence">What it is.</param>
/// <param name="Remedy">What to do.</param>
/// <param name="Line">The line that tells it.</param>
internal sealed record ForeignFile(string Sentence, string Remedy, WgQuickLine Line)
{
    private const string Download =
        "Download the WireGuard configuration from your provider and name that; it begins with [Interface].";

    private const string Rewrite =
        "Write a wg-quick file with its keys, addresses, resolver and peers, or [wireguard.interfaces.NAME].";

    // Words that begin a line in nearly every client's file (openvpn(8)).
    private static readonly string[] OpenVpn =
    [
        "client", "dev", "remote", "proto", "nobind", "persist-key", "persist-tun", "resolv-retry", "auth-user-pass",
        "remote-cert-tls", "cipher", "data-ciphers", "tls-client", "verb", "<ca>", "<cert>", "<key>", "<tls-auth>",
        "<tls-crypt>",
    ];

    // wireproxy, README: sections beside [Interface] and [Peer], and the line that names a wg-quick file.
    private static readonly string[] Wireproxy =
        ["[SOCKS5]", "[HTTP]", "[TCPCLIENTTUNNEL]", "[TCPSERVERTUNNEL]", "[STDIOTUNNEL]", "[UDPPROXYTUNNEL]"];

    // TunSafe, wireguard_config.cpp: those that change packets, and those that only its client carries out.
    private static readonly string[] TunSafe =
        ["ObfuscateKey", "ObfuscateTCP", "ListenPortTCP", "Features", "Ciphers", "Ciphers!", "AllowMulticast"];

    private static readonly string[] TunSafeClient = ["BlockDNS", "BlockInternet", "ExcludedIPs"];

    /// <summary>What a text is, or null when nothing says that it is another program's.</summary>
    /// <param name="content">The text.</param>
    /// <param name="name">The name of the file, whose end counts where nothing else does.</param>
    internal static ForeignFile? Of(string content, string name)
    {
        var lines = WgQuickLine.Of(content).ToList();
        if (lines.Count == 0)
        {
            return null;
        }

        return lines.Exists(l => l.Text.Equals("[Interface]", StringComparison.OrdinalIgnoreCase))
            ? WithKeys(lines) ?? OfWireproxy(lines)
            : Markup(lines[0]) ?? OfWireproxy(lines) ?? OfLinux(lines) ?? OfOpenVpn(lines, name) ?? OfIpsec(lines);
    }

    private static ForeignFile? WithKeys(List<WgQuickLine> lines)
    {
        List<(WgQuickLine Line, string Key, string Value)> settings = [];
        foreach (var line in lines.Where(l => !l.IsSection))
        {
            if (line.TrySplit(out var key, out var value))
            {
                settings.Add((line, key, value));
            }
        }

        var amnezia = settings
            .Where(s => AmneziaSettings.Has(s.Key) && !AmneziaSettings.IsPlain(s.Key, s.Value)).ToList();
        if (amnezia.Count > 0)
        {
            return new(
                "This is an AmneziaWG configuration: a plain WireGuard server does not speak what "
                + $"{Names(amnezia.Select(s => s.Key))} {(amnezia.Count == 1 ? "sets" : "set")}.",
                "Ask your provider for a plain WireGuard configuration; AmneziaWG is not supported.", amnezia[0].Line);
        }

        var tunSafe = settings
            .Where(s => TunSafe.Contains(s.Key, StringComparer.OrdinalIgnoreCase) || IsTcp(s.Key, s.Value)).ToList();
        if (tunSafe.Count > 0)
        {
            return new(
                $"This is a TunSafe configuration: WireGuard has no {Names(tunSafe.Select(s => s.Key))}.",
                "Ask your provider for a plain WireGuard configuration over UDP.", tunSafe[0].Line);
        }

        var client = settings.Where(s => TunSafeClient.Contains(s.Key, StringComparer.OrdinalIgnoreCase)).ToList();
        return client.Count == 0 ? null : new(
            $"This is a TunSafe configuration: only its client knows {Names(client.Select(s => s.Key))}.",
            "Delete these lines; the rest is plain WireGuard.", client[0].Line);
    }

    private static bool IsTcp(string key, string value) =>
        key.Equals("Endpoint", StringComparison.OrdinalIgnoreCase)
        && value.StartsWith("tcp://", StringComparison.OrdinalIgnoreCase);

    private static ForeignFile? OfWireproxy(List<WgQuickLine> lines)
    {
        var own = lines.Find(l => Wireproxy.Contains(l.Text.ToUpperInvariant())
            || (l.TrySplit(out var key, out _) && key is "WGConfig" or "SelfSecretKey"));
        return own.Text is null ? null : new(
            "This is a wireproxy configuration: a proxy of its own, which confined services need not.",
            "Name the wg-quick file that it begins with or that its WGConfig line names.", own);
    }

    private static ForeignFile? OfLinux(List<WgQuickLine> lines)
    {
        var own = lines.Find(l => l.Text is "[NetDev]" or "[WireGuard]" or "[WireGuardPeer]");
        if (own.Text is not null)
        {
            return new("This is a file of systemd-networkd, not a wg-quick file.", Rewrite, own);
        }

        own = lines.Find(l => l.Text is "[connection]" or "[wireguard]");
        return own.Text is null
            ? null : new("This is a connection of NetworkManager, not a wg-quick file.", Rewrite, own);
    }

    private static ForeignFile? OfOpenVpn(List<WgQuickLine> lines, string name)
    {
        var own = lines
            .Where(l => OpenVpn.Contains(FirstWord(l)) && !l.Text.Contains('=', StringComparison.Ordinal)).ToList();
        return own.Select(FirstWord).Distinct().Count() > 1
            || name.EndsWith(".ovpn", StringComparison.OrdinalIgnoreCase)
            ? new(
                "This is an OpenVPN configuration; the tunnels here are WireGuard's.", Download,
                own.Count > 0 ? own[0] : lines[0])
            : null;
    }

    private static string FirstWord(WgQuickLine line) => line.Text.Split(' ', '\t')[0];

    private static ForeignFile? OfIpsec(List<WgQuickLine> lines)
    {
        var own = lines.Find(l => l.Text.StartsWith("conn ", StringComparison.Ordinal) || l.Text == "connections {");
        return own.Text is null
            ? null : new("This is an IPsec configuration; the tunnels here are WireGuard's.", Download, own);
    }

    private static ForeignFile? Markup(WgQuickLine first)
    {
        var what = first.Text[0] switch
        {
            '<' when Begins(first, "<svg") || Begins(first, "<?xml") =>
                "This is a picture or another file in XML, not a wg-quick file.",
            '<' when Begins(first, "<!doctype") || Begins(first, "<html") =>
                "This is a web page, not a wg-quick file: the download met a login or an error.",
            '{' => "This is JSON, not a wg-quick file.",
            _ when Begins(first, "vpn://") || Begins(first, "wireguard://") =>
                "This is a link for an app, not a wg-quick file.",
            _ when Begins(first, "%PDF-") => "This is a PDF document, not a wg-quick file.",
            _ => null,
        };
        return what is null ? null : new(what, Download, first);
    }

    private static bool Begins(WgQuickLine line, string text) =>
        line.Text.StartsWith(text, StringComparison.OrdinalIgnoreCase);

    private static string Names(IEnumerable<string> keys) =>
        string.Join(", ", keys.Distinct(StringComparer.OrdinalIgnoreCase));
}
