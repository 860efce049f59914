using VpnConfinement.Diagnostics;
using VpnConfinement.Text;

namespace VpnConfinement.Syntax;

/// <summary>What is true of every text before its syntax is looked at.</summary>
internal static class TextGuard
{
    /// <summary>False, with a finding, for what is no text at all.</summary>
    internal static bool IsReadable(SourceText text, DiagnosticBag findings)
    {
        for (var i = 0; i < text.Content.Length; i++)
        {
            var c = text.Content[i];
            if (char.IsHighSurrogate(c) && i + 1 < text.Content.Length && char.IsLowSurrogate(text.Content[i + 1]))
            {
                i++;
            }
            else if (c == '\0' || char.IsSurrogate(c))
            {
                var before = text.Content.AsSpan(0, i);
                findings.Error(
                    "VPC001", "", new SourceSpan(text.File, before.Count('\n') + 1, i - before.LastIndexOf('\n')),
                    $"This is not a text file: it holds {(c == '\0' ? "a NUL character" : "half of a character")}.", "Give a TOML or JSON file in UTF-8.");
                return false;
            }
        }

        return true;
    }
}
