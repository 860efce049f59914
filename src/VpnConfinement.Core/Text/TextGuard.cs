using VpnConfinement.Diagnostics;

namespace VpnConfinement.Text;

/// <summary>What is true of every text before its syntax is looked at.</summary>
internal static class TextGuard
{
    /// <summary>False, with a finding, for what is no text at all.</summary>
    internal static bool IsReadable(SourceText text, DiagnosticBag findings)
    {
        var nul = text.Content.IndexOf('\0', StringComparison.Ordinal);
        if (nul < 0)
        {
            return true;
        }

        var before = text.Content.AsSpan(0, nul);
        findings.Error(
            "VPC001", "", new SourceSpan(text.File, before.Count('\n') + 1, nul - before.LastIndexOf('\n')),
            "This is not a text file: it holds a NUL character.", "Give a TOML or JSON file.");
        return false;
    }
}
