using System.Globalization;

namespace VpnConfinement.Linux.Exec;

/// <summary>As whom a command runs: as the one who called, also by sudo(8) and pkexec(1), or as another.</summary>
internal static class CommandUser
{
    // sudo(8) and pkexec(1) say by whom they were called.
    private static readonly string[] Callers = ["SUDO_UID", "PKEXEC_UID"];

    /// <summary>A name or number for <c>User=</c>.</summary>
    /// <param name="chosen">Who was asked for, or null.</param>
    /// <param name="variable">Reads a variable of our environment.</param>
    /// <exception cref="SystemFailure">It is nobody.</exception>
    internal static string Of(string? chosen, Func<string, string?> variable)
    {
        if (chosen is not null)
        {
            return chosen.Length > 0 && !chosen.StartsWith('-')
                && chosen.All(c => c > ' ' && c is not ('%' or ':' or '/'))
                ? chosen
                : throw new SystemFailure($"'{chosen}' is no user's name", "name a user with --user, such as 'nobody'");
        }

        foreach (var name in Callers)
        {
            if (variable(name) is not { } text)
            {
                continue;
            }

            return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var uid)
                ? uid.ToString(CultureInfo.InvariantCulture)
                : throw new SystemFailure($"{name} is '{text}', which is no number of a user", "name one with --user");
        }

        // Root called.
        return "0";
    }
}
