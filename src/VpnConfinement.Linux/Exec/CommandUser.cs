using System.Globalization;

namespace VpnConfinement.Linux.Exec;

/// <summary>
/// As whom a command runs: as the one who called, also by sudo(8), pkexec(1) or doas(1), or as another.
/// </summary>
internal static class CommandUser
{
    private const string Remedy = "name a user with --user, such as 'nobody'";

    // Each sets its own, whatever it was called with. doas(1) hands on the others' where its rule has "keepenv", and
    // sudo(8) where its rule has SETENV: then they are what the caller wants to be.
    private static readonly string[] Callers = ["SUDO_UID", "PKEXEC_UID", "DOAS_USER"];

    /// <summary>A name or number for <c>User=</c>.</summary>
    /// <param name="chosen">Who was asked for, or null.</param>
    /// <param name="variable">Reads a variable of our environment.</param>
    /// <exception cref="SystemFailure">It is nobody, or not clear who called.</exception>
    internal static string Of(string? chosen, Func<string, string?> variable)
    {
        if (chosen is not null)
        {
            return IsName(chosen) ? chosen : throw new SystemFailure($"'{chosen}' is no user's name", Remedy);
        }

        var set = Callers.Where(name => variable(name) is not null).ToList();
        if (set.Count > 1)
        {
            throw new SystemFailure(
                $"it is not clear who called: {string.Join(" and ", set)} are set, by programs that ran each other",
                Remedy);
        }

        return set is [var only] ? Caller(only, variable(only)!) : "0";
    }

    private static string Caller(string name, string text)
    {
        if (name == "DOAS_USER")
        {
            return IsName(text) ? text : throw new SystemFailure($"{name} is '{text}', which is no user's name", Remedy);
        }

        return uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var uid)
            ? uid.ToString(CultureInfo.InvariantCulture)
            : throw new SystemFailure($"{name} is '{text}', which is no number of a user", Remedy);
    }

    private static bool IsName(string text) =>
        text.Length > 0 && !text.StartsWith('-') && text.All(c => c > ' ' && c is not ('%' or ':' or '/'));
}
