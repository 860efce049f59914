using VpnConfinement.Diagnostics;
using VpnConfinement.Syntax;
using VpnConfinement.Text;

namespace VpnConfinement.Config.WgQuick;

/// <summary>
/// Reads a wg-quick file (wg-quick(8), wg(8) "CONFIGURATION FILE FORMAT") into the same records that the
/// configuration's own interfaces have. Section names and keys are case-insensitive, a <c>#</c> begins a comment
/// anywhere, lists may be split over repeated keys. Hooks are reported and never run. A file of another program is
/// named for what it is, once.
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
    private readonly List<(string Key, string Value, SourceSpan Span)> _amnezia = [];
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
            if (ForeignFile.Of(text.Content, text.File) is { } foreign)
            {
                reader.Refuse(foreign);
            }
            else
            {
                reader.ReadLines();
            }
        }

        findings.AddAll(own);
        return own.HasErrors || reader._interface is null ? null : reader.Result(reader._interface);
    }

    private WgQuickFile Result(WgQuickInterface own) =>
        new(
            own.ToConfig(_text.File, [.. _peers.Select(p => p.ToConfig())]),
            own.DnsServers, own.DnsSearch, own.HookKeyFile);

    // Its lines may hold secrets under any name.
    private void Refuse(ForeignFile foreign) => _findings.Add(new Diagnostic(
        "VPC052", Severity.Error, _path, foreign.Sentence, foreign.Remedy,
        new SourceSpan(_text.File, foreign.Line.Number, foreign.Line.Column, foreign.Line.Text.Length))
    {
        ShowLine = false,
    });

    private void ReadLines()
    {
        foreach (var line in WgQuickLine.Of(_text.Content))
        {
            ReadLine(line);
        }

        _interface?.End();
        SayAmnezia();
        if (_interface is null)
        {
            _findings.Error("VPC001", _path, SourceSpan.WholeFile(_text.File), $"{_text.File} has no [Interface] section.", "Download the WireGuard configuration from your provider again; it begins with [Interface].");
        }
    }

    private void ReadLine(WgQuickLine line)
    {
        var span = new SourceSpan(_text.File, line.Number, line.Column, line.Text.Length);
        if (line.IsSection)
        {
            BeginSection(line.Text, span);
            return;
        }

        if (!line.TrySplit(out var key, out var value))
        {
            // The line may be a key that lost its name: it is not shown.
            _findings.Add(new Diagnostic("VPC001", Severity.Error, _path, "This line is neither a section nor 'Key = Value'.", "Write it as 'Key = Value', or delete it.", span) { ShowLine = false });
            return;
        }

        if (_skipSection)
        {
            return;
        }

        var valueSpan = span with
        {
            Column = line.Column + line.Text.Length - value.Length,
            Length = Math.Max(1, value.Length),
        };
        if (_interface is null)
        {
            _findings.Error("VPC001", _path, span, "This line stands before the first section.", "Begin the file with [Interface].");
        }
        else if (AmneziaSettings.Has(key))
        {
            _amnezia.Add((key, value, span with { Length = key.Length }));
        }
        else
        {
            Set(key, value, span with { Length = key.Length }, valueSpan);
        }
    }

    // What a plain WireGuard server does not speak was refused before.
    private void SayAmnezia()
    {
        if (_amnezia.Count == 0)
        {
            return;
        }

        var names = string.Join(", ", _amnezia.Select(a => a.Key).Distinct(StringComparer.OrdinalIgnoreCase));
        var span = _amnezia[0].Span;
        if (_amnezia.Exists(a => AmneziaSettings.IsJunk(a.Key, a.Value)))
        {
            _findings.Warning(
                "VPC115", _path, span,
                $"{names}: AmneziaWG would send packets before a handshake here, and plain WireGuard sends none.",
                "Delete these lines: the server speaks plain WireGuard too. "
                + "A network that blocks WireGuard blocks this tunnel.");
        }
        else
        {
            _findings.Notice(
                "VPC115", _path, span, $"{names}: these lines are AmneziaWG's, with the values of plain WireGuard.",
                "Nothing to do; the lines change nothing.");
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
            _peers[^1].Take(known, value, valueSpan);
        }
        else
        {
            _interface!.Take(known, value, valueSpan);
        }
    }
}
