namespace VpnConfinement.Cli.Commands;

/// <summary>A status with which a command ends.</summary>
/// <param name="Code">The number.</param>
/// <param name="Meaning">What it says, as a clause.</param>
internal sealed record ExitStatus(int Code, string Meaning)
{
    /// <summary>Those of every command.</summary>
    internal static IReadOnlyList<ExitStatus> Common { get; } =
    [
        new(ExitCodes.Done, "done, or nothing to do"),
        new(ExitCodes.Usage, "the command line is wrong, or names what is not there"),
        new(ExitCodes.SystemFailed, "the system refused or failed; nothing is half done"),
    ];

    /// <summary>Those of every command, with others between or in their place.</summary>
    internal static IReadOnlyList<ExitStatus> With(params ExitStatus[] own) =>
        [.. own.Concat(Common.Where(c => own.All(o => o.Code != c.Code))).OrderBy(s => s.Code)];

    /// <summary>The configuration is refused.</summary>
    internal static ExitStatus Refused { get; } =
        new(ExitCodes.ConfigRefused, "the configuration is refused; nothing was changed");

    /// <summary>Services would lose their confinement, and nobody agreed.</summary>
    internal static ExitStatus NotAllowed { get; } =
        new(ExitCodes.ConfigRefused, "services would lose their confinement, and that was not allowed");
}
