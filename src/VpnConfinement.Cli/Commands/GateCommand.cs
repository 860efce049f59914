using System.CommandLine;
using VpnConfinement.Cli.Completion;
using VpnConfinement.Linux.Gate;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>gate check</c>: what looks from outside before each start of a confined unit.</summary>
internal static class GateCommand
{
    internal static Command Create()
    {
        var ns = new Argument<string>("NAMESPACE") { Description = "Name of an applied namespace" };
        var unit = new Argument<string>("UNIT") { Description = "Full name of the unit that is about to start" };
        var check = new Verb("check", "Look from outside whether what was applied is whole and loaded")
        {
            Group = VerbGroup.Units,
            Examples = [new("sudo vpn-confinement gate check media transmission-daemon.service")],
        };
        ns.CompletionSources.Add(_ => LiveNames.Namespaces());
        unit.CompletionSources.Add(_ => LiveNames.Units());
        check.Arguments.Add(ns);
        check.Arguments.Add(unit);
        check.SetAction(parsed => CommandErrors.Guard(() =>
        {
            CommandErrors.RequireRoot("gate check");
            StartGate.Check(parsed.GetValue(ns)!, parsed.GetValue(unit)!);
            return ExitCodes.Done;
        }));

        var command = UnitVerb.Group(
            "gate",
            "Refuse the start of a unit whose confinement differs from what was applied; run by "
                + "vpn-confinement-gate-NAMESPACE@UNIT.service",
            "gate check media transmission-daemon.service");
        command.Subcommands.Add(check);
        return command;
    }
}
