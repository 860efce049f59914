using VpnConfinement.Compile.Systemd;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Exec;

/// <summary>The arguments of systemd-run(1) for the two units of a command.</summary>
/// <param name="unit">Full name of the command's unit.</param>
/// <param name="callerUnit">Full name of the unit that ends with the caller.</param>
/// <param name="settings">What confines a command, as it was applied.</param>
/// <param name="ns">The namespace.</param>
internal sealed class TransientUnit(string unit, string callerUnit, UnitSettings settings, string ns)
{
    /// <summary>The arguments for the command's unit.</summary>
    internal IReadOnlyList<string> Arguments(TransientCommand command) =>
    [
        "--quiet", "--collect", $"--unit={unit}", "--service-type=simple", command.Terminal ? "--pty" : "--pipe",
        $"--description=Command in namespace {ns}", $"--uid={command.User}", $"--working-directory={command.Folder}",
        .. TransientProperties.Of(settings, unit).SelectMany(Property),
        .. Property($"BindsTo={callerUnit}"), .. Property($"After={callerUnit}"),
        .. Property($"EnvironmentFile={command.Variables}"), .. Property($"UMask={command.Umask}"),
        "--", .. Gate(), GateWords.DefaultPipeSignal, GateWords.ProgramFollows, .. command.Words.Select(NoVariables),
    ];

    /// <summary>
    /// The arguments for the unit that ends with the caller. It names the command's unit, so that systemd still knows
    /// how that ended until the caller has asked.
    /// </summary>
    internal static IReadOnlyList<string> CallerArguments(
        string callerUnit, string unit, string pipe, string[] needs, string[] command) =>
    [
        "--quiet", "--collect", $"--unit={callerUnit}", "--service-type=exec",
        $"--description=Caller of {unit}",
        .. from need in needs
           from key in (string[])["Requires", "BindsTo", "After"]
           from word in Property($"{key}={need}")
           select word,
        .. Property($"Before={unit}"),
        .. Property($"StandardInput=file:{pipe}"),
        .. Property("CapabilityBoundingSet="), .. Property("NoNewPrivileges=yes"),
        .. Property("RestrictAddressFamilies=AF_UNIX"), .. Property("ProtectHome=yes"), .. Property("PrivateTmp=yes"),
        .. Property("TimeoutStopSec=2s"),
        "--", .. command.Select(NoVariables),
    ];

    private IEnumerable<string> Gate() =>
        UnitWords.Split(settings.Last(GateWords.Section, GateWords.Key)
                ?? throw new SystemFailure(
                    $"what was applied for commands in {ns} names no start gate", "run 'vpn-confinement apply'"))
            .Select(w => UnitSpecifiers.Expand(w, unit) ?? w);

    private static IEnumerable<string> Property(string property) => ["--property", property];

    // systemd.service(5), "Command lines": of all that stands for something there, these are taken apart in arguments.
    private static string NoVariables(string word) => word.Replace("$", "$$", StringComparison.Ordinal);
}
