using System.Globalization;

namespace VpnConfinement.Validation;

/// <summary>
/// The users of the host as far as its files say. Of users that another database holds (LDAP, userdb) only the names
/// are known.
/// </summary>
/// <param name="users">The users of passwd(5).</param>
/// <param name="lingering">Names of the users whose manager runs without a session (loginctl(1)).</param>
/// <param name="members">Groups of group(5) and the names of their members.</param>
public sealed class HostUsers(
    IReadOnlyList<HostUser> users, IReadOnlyList<string> lingering, IReadOnlyList<(string Group, string[] Members)> members)
{
    private static readonly string[] NoLogin = ["nologin", "false", "true", "sync", "halt", "shutdown"];

    /// <summary>A host of which nothing is known.</summary>
    public static HostUsers None { get; } = new([], [], []);

    /// <summary>Reads passwd(5); lines that are no user are passed over, as the C library does.</summary>
    /// <param name="passwd">The file's text.</param>
    /// <param name="lingering">Names of the users whose manager runs without a session.</param>
    /// <param name="group">The text of group(5).</param>
    public static HostUsers Parse(string passwd, IReadOnlyList<string> lingering, string group = "") => new(
        [.. passwd.Split('\n').Select(User).OfType<HostUser>()],
        lingering,
        [.. from line in @group.Split('\n') let fields = line.Split(':') where fields.Length == 4 select (fields[0], fields[3].Trim().Split(','))]);

    /// <summary>The home folders that there may be, each once.</summary>
    public IEnumerable<string> Homes => users.Select(u => u.Home).Where(h => h.StartsWith('/')).Distinct();

    /// <summary>The home folder of a user that is given by name or number; null where it is not known.</summary>
    internal string? Home(string user) => Number(user) is { } number ? users.FirstOrDefault(u => u.Number == number)?.Home : null;

    /// <summary>The groups that name a user as a member (group(5)).</summary>
    internal IEnumerable<string> GroupsOf(string user) =>
        members.Where(m => m.Members.Contains(user, StringComparer.Ordinal)).Select(m => m.Group);

    /// <summary>One text for all names of a user and for its number: the number if it is known, else the name.</summary>
    internal string Key(string user) => Number(user)?.ToString(CultureInfo.InvariantCulture) ?? user;

    /// <summary>The number of a user that is given by name or number; null where it is not known.</summary>
    internal uint? Number(string user) =>
        uint.TryParse(user, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
        : user == "root" ? 0
        : users.FirstOrDefault(u => u.Name == user)?.Number;

    /// <summary>The managers and logins of a user, as a finding names them.</summary>
    /// <param name="key">What <see cref="Key"/> says.</param>
    internal IEnumerable<string> Sessions(string key)
    {
        var managers = lingering.Where(l => Key(l) == key).Select(l => $"user@{Key(l)}.service (lingering)");
        var logins = users.Where(u => Key(u.Name) == key && LogsIn(u)).Select(u => $"the logins of {u.Name}");
        return managers.Concat(logins).Distinct();
    }

    private static bool LogsIn(HostUser user) =>
        !NoLogin.Contains(user.Shell[(user.Shell.LastIndexOf('/') + 1)..], StringComparer.Ordinal);

    private static HostUser? User(string line) =>
        line.Split(':') is [{ Length: > 0 } name, _, var id, _, _, var home, var shell]
        && uint.TryParse(id, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? new HostUser(name, number, home, shell.Trim())
            : null;
}
