namespace VpnConfinement.Cli.Commands;

/// <summary>The path of this program as units name it.</summary>
internal static class BinaryPath
{
    /// <summary>The running program's own path.</summary>
    /// <exception cref="Linux.SystemFailure">The path cannot stand in a unit.</exception>
    internal static string Own()
    {
        var path = Environment.ProcessPath;
        return path is not null && IsUsable(path)
            ? path
            : throw new Linux.SystemFailure($"the program's own path '{path}' cannot be used in a unit", "install it as /usr/bin/vpn-confinement");
    }

    internal static bool IsUsable(string path) => path.StartsWith('/') && !path.Any(char.IsControl);
}
