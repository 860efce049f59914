namespace VpnConfinement.Cli.Commands;

/// <summary>The path of this program as units name it.</summary>
internal static class BinaryPath
{
    private static readonly string[] UnlastingFolders = ["/home/", "/root/", "/tmp/", "/var/tmp/", "/run/", "/dev/shm/"];

    /// <summary>The running program's own path.</summary>
    /// <exception cref="Linux.SystemFailure">The path cannot stand in a unit.</exception>
    internal static string Own()
    {
        var path = Environment.ProcessPath;
        return path is not null && IsUsable(path)
            ? path
            : throw new Linux.SystemFailure($"the program's own path '{path}' cannot be used in a unit", "install it as /usr/bin/vpn-confinement");
    }

    /// <summary>Whether units may run a program from there: folders of users and temporary ones are hidden from units, or anybody's to write.</summary>
    internal static bool IsLasting(string path) =>
        !UnlastingFolders.Any(f => path.StartsWith(f, StringComparison.Ordinal));

    internal static bool IsUsable(string path) => path.StartsWith('/') && !path.Any(char.IsControl);
}
