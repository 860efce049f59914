using System.CommandLine;
using VpnConfinement.Linux.Gate;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>gate check</c>: what looks from outside before each start of a confined unit.</summary>
internal static class GateCommand
{
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

        var command = new Command("gate", "Refuse to start a confined unit whose confinement is not as it was applied; run by vpn-confinement-gate-NAMESPACE@UNIT.service");
        command.Subcommands.Add(check);
        return command;
    }
}
