using System.Text;

namespace VpnConfinement.Linux.Exec;

/// <summary>
/// The variables that a command gets of its caller's: not those that are another user's, that lead to a daemon of the
/// host, or that are systemd's own. systemd reads them from a file: a property would be everybody's to see.
/// </summary>
internal static class CommandEnvironment
{
    // systemd gives the first line to each user (systemd.exec(5)).
    private static readonly HashSet<string> Left = new(StringComparer.Ordinal)
    {
        "HOME", "LOGNAME", "MAIL", "SHELL", "USER", "USERNAME",
        "_", "OLDPWD", "PWD", "SHLVL",
        "DISPLAY", "GPG_AGENT_INFO", "ICEAUTHORITY", "SESSION_MANAGER", "STY", "XAUTHORITY", "XDG_RUNTIME_DIR",
        "CONTAINER_HOST", "DOCKER_HOST", "HOSTALIASES", "LOCALDOMAIN", "PIPEWIRE_REMOTE", "PULSE_SERVER", "RES_OPTIONS",
        "CREDENTIALS_DIRECTORY", "INVOCATION_ID", "JOURNAL_STREAM", "MAINPID", "MANAGERPID", "NOTIFY_SOCKET",
        "DOAS_USER", "PKEXEC_UID",
    };

    private static readonly string[] LeftPrefixes =
    [
        "DBUS_", "LISTEN_", "MEMORY_PRESSURE_", "SSH_", "SUDO_", "SYSTEMD_", "TMUX", "WATCHDOG_", "WAYLAND_",
        "XDG_SEAT", "XDG_SESSION_", "XDG_VTNR",
    ];

    /// <summary>The variables that pass, by name.</summary>
    /// <param name="ours">Our environment.</param>
    /// <param name="asked">Those asked for: <c>NAME=VALUE</c>, or <c>NAME</c> for ours.</param>
    /// <param name="folder">The command's folder.</param>
    /// <exception cref="SystemFailure">One that was asked for cannot be given.</exception>
    internal static SortedDictionary<string, string> Choose(
        IReadOnlyDictionary<string, string> ours, IReadOnlyList<string> asked, string folder)
    {
        var chosen = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in ours)
        {
            if (!IsLeft(name) && IsName(name) && IsValue(value))
            {
                chosen[name] = value;
            }
        }

        chosen["PWD"] = folder;
        foreach (var word in asked)
        {
            var equals = word.IndexOf('=', StringComparison.Ordinal);
            var name = equals < 0 ? word : word[..equals];
            var value = equals >= 0 ? word[(equals + 1)..]
                : ours.GetValueOrDefault(name)
                ?? throw new SystemFailure($"there is no variable {name} to give", $"write --setenv {name}=VALUE");
            chosen[name] = IsName(name) && IsValue(value)
                ? value
                : throw new SystemFailure(
                    $"the variable '{name}' cannot be given: "
                    + "systemd takes plain names, and values without control characters",
                    "set it in the command itself: 'env NAME=VALUE COMMAND'");
        }

        return chosen;
    }

    /// <summary>The text of a file for <c>EnvironmentFile=</c> (systemd.exec(5)).</summary>
    internal static string Text(IReadOnlyDictionary<string, string> variables)
    {
        var text = new StringBuilder();
        foreach (var (name, value) in variables)
        {
            text.Append(name).Append("=\"");
            foreach (var c in value)
            {
                text.Append(c is '"' or '\\' or '`' or '$' ? "\\" : "").Append(c);
            }

            text.Append("\"\n");
        }

        return text.ToString();
    }

    private static bool IsLeft(string name) =>
        Left.Contains(name) || Array.Exists(LeftPrefixes, p => name.StartsWith(p, StringComparison.Ordinal))
        || name.EndsWith("_proxy", StringComparison.OrdinalIgnoreCase);

    private static bool IsName(string name) =>
        name.Length > 0 && !char.IsAsciiDigit(name[0]) && name.All(c => char.IsAsciiLetterOrDigit(c) || c == '_');

    // systemd passes over other values. The replacement character stands for bytes that are no text.
    private static bool IsValue(string value) =>
        value.All(c => (!char.IsControl(c) || c is '\t' or '\n') && c != '\ufffd');
}
