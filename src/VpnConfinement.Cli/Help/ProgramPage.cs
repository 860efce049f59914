using VpnConfinement.Cli.Commands;

namespace VpnConfinement.Cli.Help;

/// <summary>What the help and the manual page of the program itself say besides its commands.</summary>
internal static class ProgramPage
{
    /// <summary>The program in a line.</summary>
    internal const string Summary = "Fail-closed WireGuard confinement of selected systemd services.";

    /// <summary>What it is, in paragraphs.</summary>
    internal const string Details =
        """
        A confined service reaches the world through its WireGuard tunnel only; the rest of the host keeps its normal
        network. When the tunnel is not there, neither is the network: blocked is the resting state.

        The configuration names network namespaces, their tunnels, and the services and sockets that are confined in
        them. The program compiles it to systemd units, drop-ins, nftables rulesets and resolver files, applies them
        as one transaction, and is the program that these units run. Enforcement is kernel state and systemd
        dependencies: no process of vpn-confinement has to stay alive for it.
        """;

    /// <summary>Lines to type.</summary>
    internal static IReadOnlyList<Example> Examples { get; } =
    [
        new("sudo vpn-confinement check", "what is wrong with the configuration"),
        new("sudo vpn-confinement apply", "confine"),
        new("sudo vpn-confinement verify", "whether anything leaves"),
    ];

    /// <summary>Every exit status.</summary>
    internal static IReadOnlyList<ExitStatus> Exits { get; } =
    [
        new(ExitCodes.Done, "done"),
        new(ExitCodes.ConfigRefused, "configuration refused"),
        new(ExitCodes.Usage, "wrong command line"),
        new(ExitCodes.SystemFailed, "the system failed"),
        new(ExitCodes.CheckFailed, "something is wrong"),
        new(ExitCodes.CheckInconclusive, "it could not be told"),
        new(ExitCodes.Changes, "something would change"),
    ];

    /// <summary>Files that it reads or writes.</summary>
    internal static IReadOnlyList<KnownFile> Files { get; } =
        [.. KnownFile.Configuration, KnownFile.Units, .. KnownFile.State];
}
