using System.CommandLine;
using VpnConfinement.Linux.Verify;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>verify-probe</c>: what <c>verify</c> starts in the place of a running service.</summary>
internal static class VerifyProbeCommand
{
    internal static Command Create()
    {
        var words = new Argument<string[]>("WORD")
        {
            Description = "Control group, user, groups and packets",
            Arity = ArgumentArity.OneOrMore,
        };
        var command = new Verb(Probe.Command, "Send packets as a running service; started by verify")
        {
            Group = VerbGroup.Hidden,
            Hidden = true,
            Examples =
            [
                new($"vpn-confinement {Probe.Command} /sys/fs/cgroup/system.slice/x.service 1000 1000 groups="),
            ],
        };
        command.Arguments.Add(words);
        command.SetAction(parsed => CommandErrors.Guard(() =>
        {
            Probe.Send(parsed.GetValue(words) ?? [], Console.WriteLine);
            return ExitCodes.Done;
        }));
        return command;
    }
}
