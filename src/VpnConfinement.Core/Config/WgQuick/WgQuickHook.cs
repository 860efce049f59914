using System.Text.RegularExpressions;

namespace VpnConfinement.Config.WgQuick;

/// <summary>The one hook that is part of a tunnel: wg-quick(8) proposes it for a private key in another file.</summary>
internal static partial class WgQuickHook
{
    /// <summary>The key file that a command sets, or null for any other command.</summary>
    /// <param name="command">The value of the hook.</param>
    /// <param name="file">The wg-quick file, whose name is the interface's there.</param>
    internal static string? KeyFile(string command, string file)
    {
        var name = file[(file.LastIndexOf('/') + 1)..];
        var own = name.EndsWith(".conf", StringComparison.Ordinal) ? name[..^".conf".Length] : name;
        var match = SetsKey().Match(command.Replace("%i", own, StringComparison.Ordinal));
        return match.Success && match.Groups[1].Value == own ? match.Groups[2].Value : null;
    }

    [GeneratedRegex("^wg set (\\S+) private-key (/[A-Za-z0-9/_.@=+-]+)$", RegexOptions.CultureInvariant)]
    private static partial Regex SetsKey();
}
