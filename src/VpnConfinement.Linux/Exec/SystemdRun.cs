namespace VpnConfinement.Linux.Exec;

/// <summary>systemd-run(1), by absolute path.</summary>
internal static class SystemdRun
{
    private static readonly string[] Places = ["/usr/bin/systemd-run", "/bin/systemd-run"];

    /// <summary>Where it lies.</summary>
    /// <exception cref="SystemFailure">It is not there.</exception>
    internal static string Path => Array.Find(Places, File.Exists)
        ?? throw new SystemFailure(
            "systemd-run was not found in /usr/bin or /bin", "install the package of systemd that has it");

    /// <summary>Its environment: it neither colours nor names the caller's terminal.</summary>
    /// <param name="term">The kind of the caller's terminal.</param>
    internal static IReadOnlyList<string> Environment(string? term) =>
    [
        "LC_ALL=C.UTF-8", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "SYSTEMD_BUS_TIMEOUT=90s",
        "SYSTEMD_ADJUST_TERMINAL_TITLE=0",
        "SYSTEMD_TINT_BACKGROUND=0", "SYSTEMD_PAGER=", .. term is null ? (string[])[] : [$"TERM={term}"],
    ];
}
