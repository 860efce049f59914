namespace VpnConfinement.Lab.Processes;

/// <summary>How a command ended and what it wrote.</summary>
public sealed record CommandResult(string Command, int ExitCode, string Output, string Error)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>One short line for a failed command: its status and the end of what it said.</summary>
    public string Summary
    {
        get
        {
            var said = (Error.Trim().Length > 0 ? Error : Output).Trim().ReplaceLineEndings("; ");
            return $"`{Command}` ended with {ExitCode}" + (said.Length == 0 ? "" : ": " + (said.Length > 400 ? "..." + said[^400..] : said));
        }
    }

    public CommandResult OrThrow() => Succeeded ? this : throw new InvalidOperationException(Summary);
}
