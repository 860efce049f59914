using System.Text.RegularExpressions;

namespace VpnConfinement.Diagnostics;

/// <summary>Hides what looks like key material in a line that is shown to the user: findings end up in logs and bug reports.</summary>
internal static partial class KeyMask
{
    internal static string Apply(string line) => NamedKey().Replace(Base64Run().Replace(line, m => new string('*', m.Length)), m => m.Groups[1].Value + new string('*', m.Groups[2].Length));

    /// <summary>Hides whole keys in a message: only what has a key's form, because a path is of the same letters; one that lost its '=' is known by its mix of letters.</summary>
    internal static string ApplyToMessage(string message) =>
        Base64Run().Replace(message, m => m.Value.EndsWith('=') || IsMixed(m.Value) ? new string('*', m.Length) : m.Value);

    private static bool IsMixed(string run) => run.Length >= 43 && run[0] != '/' && run.Any(char.IsAsciiLetterUpper) && run.Any(char.IsAsciiLetterLower) && run.Any(char.IsAsciiDigit);

    // Everything after the name of a key, however broken the key is.
    [GeneratedRegex("""(\b(?:privatekey|presharedkey)["']?\s*[=:]\s*)(.+)$""", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NamedKey();

    // A run as long as half a key; public keys are hidden with the rest.
    [GeneratedRegex("[A-Za-z0-9+/]{40,}={0,2}", RegexOptions.CultureInvariant)]
    private static partial Regex Base64Run();
}
