using VpnConfinement.Diagnostics;
using VpnConfinement.Text;

namespace VpnConfinement.Config.WgQuick;

/// <summary>A [Peer] section while it is read.</summary>
internal sealed class WgQuickPeer(SourceSpan span, string path, DiagnosticBag findings) : WgQuickSection(span, path, findings)
{
    private readonly List<Located<string>> _allowedIPs = [];
    private Located<string>? _publicKey;
    private Located<SecretText>? _presharedKey;
    private Located<string>? _endpoint;
    private Located<int>? _keepalive;

    protected override void Set(string key, string value, SourceSpan span)
    {
        switch (key)
        {
            case "PublicKey" when Once(key, span):
                _publicKey = new(value, span);
                break;
            case "PresharedKey" when Once(key, span):
                _presharedKey = new(new SecretText(value), span);
                break;
            case "AllowedIPs":
                _allowedIPs.AddRange(Items(value, span, blanks: false));
                break;
            case "Endpoint" when Once(key, span):
                _endpoint = new(value, span);
                break;
            case "PersistentKeepalive" when Once(key, span):
                _keepalive = value.Equals("off", StringComparison.OrdinalIgnoreCase) ? new(0, span) : Number(key, value, span, WireGuardOptions.Keepalive);
                break;
            default:
                break;
        }
    }

    // wg(8) refuses the line; it says that the peer has none.
    protected override bool MayBeEmpty(string key) => key == "AllowedIPs";

    internal PeerConfig ToConfig() => new()
    {
        Span = Span,
        PublicKey = _publicKey,
        PresharedKey = _presharedKey,
        PresharedKeyFile = null,
        Endpoint = _endpoint,
        AllowedIPs = _allowedIPs,
        PersistentKeepalive = _keepalive,
        RefreshSeconds = null,
    };
}
