using System.Diagnostics;

namespace VpnConfinement.Cli.Tests;

/// <summary>Runs the program as a user would: the published binary, which VPNC_BINARY names or <c>./test</c> left in artifacts.</summary>
internal static class Cli
{
    internal static string Binary { get; } = Find();

    internal static CliResult Run(params string[] arguments) => RunWith(null, arguments);

    internal static CliResult RunWith(string? input, params string[] arguments) => Start(Binary, input, arguments);

    /// <summary>Runs it as a user without rights.</summary>
    internal static CliResult RunUnprivileged(params string[] arguments) => RunUnprivileged(Binary, arguments);

    /// <summary>Runs the start gate's program, which lies beside it, as such a user.</summary>
    internal static CliResult RunGateUnprivileged(params string[] arguments) => RunUnprivileged(Binary + "-gate", arguments);

    private static CliResult RunUnprivileged(string binary, string[] arguments)
    {
        // The binary may lie in a folder that only root may enter.
        using var folder = new TemporaryFolder();
        var copy = folder.PathOf(Path.GetFileName(binary));
        // By another process: what another test starts just then must not hold the copy open for writing (ETXTBSY).
        Assert.Equal(0, Start("/bin/cp", null, [binary, copy]).Status);
        File.SetUnixFileMode(folder.Root, (UnixFileMode)0x1ed); // 0755
        return Start("/usr/bin/setpriv", null, ["--reuid=65534", "--regid=65534", "--clear-groups", "--", copy, .. arguments]);
    }

    private static string Find()
    {
        if (Environment.GetEnvironmentVariable("VPNC_BINARY") is { Length: > 0 } named)
        {
            return named;
        }

        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var published = Path.Combine(folder.FullName, "artifacts/bin/vpn-confinement");
            if (File.Exists(published))
            {
                return published;
            }
        }

        throw new InvalidOperationException("there is no published program: run ./test, or name it with VPNC_BINARY");
    }

    private static CliResult Start(string program, string? input, string[] arguments)
    {
        var start = new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEndAsync();
        process.StandardInput.Write(input);
        process.StandardInput.Close();
        Assert.True(process.WaitForExit(TimeSpan.FromSeconds(60)), "the program did not end within a minute");
        return new CliResult(process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }
}

internal sealed record CliResult(int Status, string Output, string Error);
