using System.CommandLine;
using VpnConfinement.Linux.Gate;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>gate check|inside</c>: what runs before each start of a confined unit.</summary>
internal static class GateCommand
{
    /// <summary>Looks from inside. A condition that ends with 1 to 254 skips the start and says nothing (systemd.service(5)); a signal, or else 255, is a failure.</summary>
    internal static int Inside(string[] arguments)
    {
        var status = CommandErrors.Guard(() =>
        {
            InsideGate.Check(arguments);
            return ExitCodes.Done;
        });
        if (status == ExitCodes.Done)
        {
            return ExitCodes.Done;
        }

        // The journal asks the kernel whose message it is, and does not find out once this has ended: 'journalctl -u' would not show it.
        Thread.Sleep(100);
        InsideGate.Refuse();
        return ExitCodes.ConditionFailed;
    }

    internal static Command Create()
    {
        var ns = new Argument<string>("NAMESPACE") { Description = "Name of an applied namespace" };
        var unit = new Argument<string>("UNIT") { Description = "Full name of the unit that is about to start" };
        var check = new Command("check", "Look from outside: what was applied is whole and loaded, the namespace is ours and under its ruleset");
        check.Arguments.Add(ns);
        check.Arguments.Add(unit);
        check.SetAction(parsed => CommandErrors.Guard(() =>
        {
            CommandErrors.RequireRoot("gate check");
            StartGate.Check(parsed.GetValue(ns)!, parsed.GetValue(unit)!);
            return ExitCodes.Done;
        }));

        var arguments = new Argument<string[]>("ARGUMENT") { Description = "As the drop-in of a service has them" };
        var inside = new Command("inside", "Look from inside a service: its network namespace, its resolver files, its /run. It refuses by ending itself with SIGRTMAX");
        inside.Arguments.Add(arguments);
        inside.SetAction(parsed => Inside(parsed.GetValue(arguments)!));

        var command = new Command("gate", "Refuse to start a confined unit whose confinement is not as it was applied; run by vpn-confinement-gate-NAMESPACE@UNIT.service and by ExecCondition=");
        command.Subcommands.Add(check);
        command.Subcommands.Add(inside);
        return command;
    }
}
