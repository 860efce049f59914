using VpnConfinement.Plan;

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

    /// <summary>The same, where units may run it from: folders of users and temporary ones are hidden from units, or anybody's to write.</summary>
    /// <param name="command">The command that is run.</param>
    /// <exception cref="Linux.SystemFailure">It is not in such a place.</exception>
    internal static string Installed(string command)
    {
        var path = Own();
        var gate = StateLayout.GateProgram(path);
        if (!File.Exists(gate))
        {
            throw new Linux.SystemFailure($"{gate}, which services of ours start by, is missing", $"install it beside this program: 'sudo install -m 755 vpn-confinement-gate {Path.GetDirectoryName(path)}/'");
        }

        return UnlastingFolders.Any(f => path.StartsWith(f, StringComparison.Ordinal))
            ? throw new Linux.SystemFailure($"the units would run this program from {path}, where it may vanish or be changed by others", $"install it first: 'sudo install -m 755 vpn-confinement vpn-confinement-gate /usr/bin/', then run '/usr/bin/vpn-confinement {command}'")
            : path;
    }

    internal static bool IsUsable(string path) => path.StartsWith('/') && !path.Any(char.IsControl);
}
