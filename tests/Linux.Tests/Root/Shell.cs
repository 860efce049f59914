using System.Diagnostics;

namespace VpnConfinement.Linux.Tests.Root;

/// <summary>Other people's tools, to check what the code under test did.</summary>
internal static class Shell
{
    internal static string Run(string command) => Try(command) switch
    {
        (0, var output) => output,
        var (status, output) => throw new InvalidOperationException($"{command}: status {status}: {output}"),
    };

    internal static (int Status, string Output) Try(string command)
    {
        using var process = Process.Start(new ProcessStartInfo("/bin/sh", ["-c", command]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, (output + error.Result).Trim());
    }

    /// <summary>Runs a command inside the netns of a name.</summary>
    internal static string In(string ns, string command) => Run($"nsenter --net=/run/netns/{ns} {command}");
}
