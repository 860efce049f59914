using VpnConfinement.Diagnostics;
using VpnConfinement.Text;

namespace VpnConfinement.Config.WgQuick;

/// <summary>The [Interface] section while it is read.</summary>
internal sealed class WgQuickInterface(SourceSpan span, string path, DiagnosticBag findings) : WgQuickSection(span, path, findings)
{
    private readonly List<Located<string>> _addresses = [];
    private Located<SecretText>? _privateKey;
    private Located<int>? _listenPort;
    private Located<int>? _mtu;
    private Located<uint>? _fwMark;
    private Located<bool>? _asRoutes;
    private Located<string>? _hookKeyFile;

    internal List<Located<string>> DnsServers { get; } = [];

    internal List<Located<string>> DnsSearch { get; } = [];

    /// <summary>The key file that a hook would set, where the file has no key of its own.</summary>
    internal Located<string>? HookKeyFile => _privateKey is null ? _hookKeyFile : null;

    protected override bool MayBeEmpty(string key) =>
        key is not ("PrivateKey" or "ListenPort" or "FwMark" or "SaveConfig");

    protected override void Set(string key, string value, SourceSpan span)
    {
        switch (key)
        {
            case "Address":
                _addresses.AddRange(Items(value, span, blanks: true));
                break;
            case "DNS":
                foreach (var item in Items(value, span, blanks: true))
                {
                    (LooksLikeAddress(item.Value) ? DnsServers : DnsSearch).Add(item);
                }

                break;
            case "PrivateKey" when Once(key, span):
                _privateKey = new(new SecretText(value), span);
                break;
            case "ListenPort" when Once(key, span):
                _listenPort = value == "0" ? null : Number(key, value, span, OptionType.Port);
                break;
            case "MTU" when Once(key, span):
                _mtu = Number(key, value, span, WireGuardOptions.Mtu);
                break;
            case "FwMark" when Once(key, span):
                SetMark(value, span);
                break;
            case "Table" when Once(key, span):
                SetTable(value, span);
                break;
            case "PreUp" or "PostUp" when WgQuickHook.KeyFile(value, Span.File) is { } keyFile:
                _hookKeyFile = new(keyFile, span);
                break;
            case "PreUp" or "PostUp" or "PreDown" or "PostDown":
                Findings.Warning("VPC115", Path, span, $"{key} is a command for wg-quick; it is never run here.", "Delete the line; confinement needs no hooks. If it did something else that you need, do that in a unit of your own.");
                break;
            case "SaveConfig" when value.Equals("false", StringComparison.OrdinalIgnoreCase):
                break;
            case "SaveConfig" when Once(key, span):
                Findings.Warning("VPC115", Path, span, "SaveConfig does nothing here: the file is never written.", "Delete the line.");
                break;
            default:
                break;
        }
    }

    /// <summary>Reports the hook that would replace the file's own key.</summary>
    internal void End()
    {
        if (_privateKey is not null && _hookKeyFile is { } hook)
        {
            Findings.Warning(
                "VPC115", Path, hook.Span,
                $"This command would take the private key from {hook.Value}; it is never run here.",
                "Keep one of the two: the PrivateKey line, or privateKeyFile beside configFile.");
        }
    }

    internal InterfaceConfig ToConfig(string file, IReadOnlyList<PeerConfig> peers) => new()
    {
        Name = new Located<string>(file, Span),
        Addresses = _addresses,
        PrivateKeyFile = null,
        PrivateKey = _privateKey,
        ListenPort = _listenPort,
        Mtu = _mtu,
        FwMark = _fwMark,
        AllowedIPsAsRoutes = _asRoutes,
        GeneratePrivateKeyFile = null,
        InterfaceNamespace = null,
        SocketNamespace = null,
        RefreshSeconds = null,
        Peers = peers,
    };

    private static bool LooksLikeAddress(string text) => text.Contains(':', StringComparison.Ordinal) || text.All(c => char.IsAsciiDigit(c) || c == '.');

    private void SetMark(string value, SourceSpan span)
    {
        if (value.Equals("off", StringComparison.OrdinalIgnoreCase))
        {
            _fwMark = new Located<uint>(0, span);
        }
        else if (TableReader.TryParseMark(value, out var mark))
        {
            _fwMark = new Located<uint>(mark, span);
        }
        else
        {
            Findings.Error("VPC050", Path, span, $"FwMark is '{Visible.Text(value)}'; a number from 0 to 4294967295 is needed, in decimal or with 0x, or off.", "Write such a number, or delete the line.");
        }
    }

    private void SetTable(string value, SourceSpan span)
    {
        switch (value.ToUpperInvariant())
        {
            case "AUTO":
                break;
            case "OFF":
                _asRoutes = new Located<bool>(false, span);
                break;
            default:
                Findings.Warning("VPC115", Path, span, $"Table = {Visible.Text(value)} is not used: the namespace has a routing table of its own.", "Delete the line, or write 'Table = off' to make no routes.");
                break;
        }
    }
}
