using System.CommandLine;
using VpnConfinement.Linux.Runtime;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>netns up|down|is-up</c>: what the units of namespaces and their watchers run.</summary>
internal static class NetnsCommand
{
    internal static Command Create()
    {
        var command =
            UnitVerb.Group("netns", "Make or remove a network namespace; run by vpn-confinement-netns@.service");
        command.Subcommands.Add(
            UnitVerb.Create(
                "netns up",
                "Make the namespace: ruleset first, then sysctls, loopback and the host link. Again is a no-op, or a "
                + "repair",
                RuntimeCalls.NetnsUp));
        command.Subcommands.Add(
            UnitVerb.Create(
                "netns down", "Delete its links, then the namespace. Absent is fine", RuntimeCalls.NetnsDown));
        command.Subcommands.Add(
            UnitVerb.Create(
                "netns is-up", "Whether it was brought up and not taken down since, as exit status 0 or 1",
                (ns, _) => RuntimeCalls.IsNetnsUp(ns) ? ExitCodes.Done : ExitCodes.ConditionUnmet));
        return command;
    }
}
