using System.CommandLine;
using VpnConfinement.Linux.Runtime;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>netns up|down</c>: what the netns units run.</summary>
internal static class NetnsCommand
{
    internal static Command Create()
    {
        var command = new Command("netns", "Make or remove a network namespace; run by vpn-confinement-netns@.service");
        command.Subcommands.Add(UnitVerb.Create("up", "Make the namespace: ruleset first, then sysctls, loopback and the host link. Again is a no-op, or a repair", RuntimeCalls.NetnsUp));
        command.Subcommands.Add(UnitVerb.Create("down", "Delete its links, then the namespace. Absent is fine", RuntimeCalls.NetnsDown));
        return command;
    }
}
