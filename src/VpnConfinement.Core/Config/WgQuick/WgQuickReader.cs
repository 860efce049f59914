using VpnConfinement.Diagnostics;
using VpnConfinement.Syntax;
using VpnConfinement.Text;

namespace VpnConfinement.Config.WgQuick;

/// <summary>
/// Reads a wg-quick file (wg-quick(8), wg(8) "CONFIGURATION FILE FORMAT") into the same records that the configuration's own interfaces have. Section names and keys
/// are case-insensitive, a <c>#</c> begins a comment anywhere, lists may be split over repeated keys. Hooks are reported and never run.
/// </summary>
public sealed class WgQuickReader
{
    private static readonly string[] InterfaceKeys = ["Address", "DNS", "MTU", "PrivateKey", "ListenPort", "FwMark", "Table", "PreUp", "PostUp", "PreDown", "PostDown", "SaveConfig"];
    private static readonly string[] PeerKeys = ["PublicKey", "PresharedKey", "AllowedIPs", "Endpoint", "PersistentKeepalive"];

    // Longer than every key of the format, shorter than any key material worth the name.
    private const int MaxShownName = 20;

    private readonly SourceText _text;
    private readonly string _path;
    private readonly DiagnosticBag _findings;
    private readonly List<WgQuickPeer> _peers = [];
    private WgQuickInterface? _interface;
    private bool _inPeer;
    private bool _skipSection;

    private WgQuickReader(SourceText text, string path, DiagnosticBag findings)
    {
        _text = text;
        _path = path;
        _findings = findings;
    }

    /// <summary>Reads a file.</summary>
    /// <param name="text">Its text.</param>
    /// <param name="path">The option that names the file, for findings.</param>
    /// <param name="findings">Takes what is wrong. No finding holds the value of a key.</param>
    /// <returns>What the file says, or null when something of it could not be understood.</returns>
    public static WgQuickFile? Read(SourceText text, string path, DiagnosticBag findings)
    {
        var own = new DiagnosticBag();
        var reader = new WgQuickReader(text, path, own);
        if (TextGuard.IsReadable(text, own))
        {
            reader.ReadLines();
        }

        findings.AddAll(own);
        return own.HasErrors || reader._interface is null ? null : reader.Result(reader._interface);
    }

    private WgQuickFile Result(WgQuickInterface own) => new(own.ToConfig(_text.File, [.. _peers.Select(p => p.ToConfig())]), own.DnsServers, own.DnsSearch);

    private void ReadLines()
    {
        var number = 0;
        foreach (var raw in _text.Content.TrimStart('\uFEFF').Split('\n'))
        {
            number++;
            var comment = raw.IndexOf('#', StringComparison.Ordinal);
            var line = (comment < 0 ? raw : raw[..comment]).TrimEnd();
            var start = line.Length - line.TrimStart().Length;
            if (start < line.Length)
            {
                ReadLine(line, start, number);
            }
        }

        if (_interface is null)
        {
            _findings.Error("VPC001", _path, SourceSpan.WholeFile(_text.File), $"{_text.File} has no [Interface] section.", "Download the WireGuard configuration from your provider again; it begins with [Interface].");
        }
    }

    private void ReadLine(string line, int start, int number)
    {
        var text = line[start..];
        var span = new SourceSpan(_text.File, number, start + 1, text.Length);
        if (text[0] == '[')
        {
            BeginSection(text, span);
            return;
        }

        var equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals <= 0)
        {
            // The line may be a key that lost its name: it is not shown.
            _findings.Add(new Diagnostic("VPC001", Severity.Error, _path, "This line is neither a section nor 'Key = Value'.", "Write it as 'Key = Value', or delete it.", span) { ShowLine = false });
            return;
        }

        if (_skipSection)
        {
            return;
        }

        var key = text[..equals].TrimEnd();
        var value = text[(equals + 1)..].TrimStart();
        var valueSpan = new SourceSpan(_text.File, number, start + 1 + text.Length - value.Length, Math.Max(1, value.Length));
        if (_interface is null)
        {
            _findings.Error("VPC001", _path, span, "This line stands before the first section.", "Begin the file with [Interface].");
        }
        else
        {
            Set(key, value, span with { Length = key.Length }, valueSpan);
        }
    }

    private void BeginSection(string text, SourceSpan span)
    {
        _skipSection = false;
        switch (text.ToUpperInvariant())
        {
            case "[INTERFACE]" when _interface is null:
                _interface = new WgQuickInterface(span, _path, _findings);
                _inPeer = false;
                break;
            case "[INTERFACE]":
                _findings.Error("VPC004", _path, span, "There are two [Interface] sections.", "Keep one of the two.");
                _skipSection = true;
                break;
            case "[PEER]" when _interface is not null:
                _peers.Add(new WgQuickPeer(span, _path, _findings));
                _inPeer = true;
                break;
            case "[PEER]":
                _findings.Error("VPC001", _path, span, "A [Peer] section stands before [Interface].", "Begin the file with [Interface].");
                _skipSection = true;
                break;
            default:
                var name = text.Length <= MaxShownName ? $"section '{Visible.Text(text)}'" : "such section";
                _findings.Error("VPC002", _path, span, $"There is no {name} in a wg-quick file.", "Use [Interface] and [Peer].");
                _skipSection = true;
                break;
        }
    }

    private void Set(string key, string value, SourceSpan keySpan, SourceSpan valueSpan)
    {
        var keys = _inPeer ? PeerKeys : InterfaceKeys;
        var known = Array.Find(keys, k => k.Equals(key, StringComparison.OrdinalIgnoreCase));
        if (known is null)
        {
            // A misspelled PrivateKey has a key as its value, and a key in the wrong place is a name of its own: neither is shown.
            var near = NearestName.Of(key, keys);
            var name = key.Length <= MaxShownName ? $"key '{Visible.Text(key)}'" : "such key";
            var message = $"There is no {name} in {(_inPeer ? "[Peer]" : "[Interface]")}.";
            var remedy = near is null ? $"Here there are: {string.Join(", ", keys)}." : $"Did you mean '{near}'?";
            _findings.Add(new Diagnostic("VPC002", Severity.Error, _path, message, remedy, keySpan) { ShowLine = false });
        }
        else if (_inPeer)
        {
            _peers[^1].Set(known, value, valueSpan);
        }
        else
        {
            _interface!.Set(known, value, valueSpan);
        }
    }
}
