using System.Diagnostics;
using VpnConfinement.Lab.Machines;

namespace VpnConfinement.Lab.Processes;

/// <summary>Runs a program, found in the system's own folders only, and collects what it says.</summary>
public static class Command
{
    private static readonly TimeSpan Patience = LabHost.Patience(90);
    private static readonly string[] Folders = ["/usr/sbin", "/usr/bin", "/sbin", "/bin"];

    /// <summary>The absolute path of a system program.</summary>
    public static string Find(string name) =>
        FindOrNull(name) ?? throw new FileNotFoundException($"The lab needs the program `{name}`, which is not installed.");

    public static string? FindOrNull(string name) =>
        name.StartsWith('/') ? name : Folders.Select(folder => $"{folder}/{name}").FirstOrDefault(File.Exists);

    public static CommandResult Run(params ReadOnlySpan<string> command) => RunWithInput(null, command);

    /// <summary>Runs a command with text on its standard input; a command that takes more than a minute and a half is ended and reported.</summary>
    public static CommandResult RunWithInput(string? input, params ReadOnlySpan<string> command)
    {
        using var process = Start(command);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        if (input is not null)
        {
            process.StandardInput.Write(input);
        }

        process.StandardInput.Close();
        var text = string.Join(' ', command);
        if (!process.WaitForExit(Patience))
        {
            process.Kill(entireProcessTree: true);
            return new CommandResult(text, -1, "", $"no answer within {Patience.TotalSeconds:0} seconds");
        }

        return new CommandResult(text, process.ExitCode, output.GetAwaiter().GetResult(), error.GetAwaiter().GetResult());
    }

    /// <summary>Starts a command with all three standard streams redirected.</summary>
    public static Process Start(params ReadOnlySpan<string> command)
    {
        var start = new ProcessStartInfo(Find(command[0]))
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
        };
        foreach (var argument in command[1..])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start) ?? throw new InvalidOperationException($"{command[0]} did not start");
    }
}
