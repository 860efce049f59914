using System.CommandLine;
using VpnConfinement.Linux.Runtime;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>wireguard up|down|refresh</c>: what the WireGuard units and their timers run.</summary>
internal static class WireGuardCommand
{
    internal static Command Create()
    {
        var command = UnitVerb.Group(
            "wireguard", "Make or remove the WireGuard link of a namespace; run by wireguard-INTERFACE.service");
        command.Subcommands.Add(
            UnitVerb.Create(
                "wireguard up", "Make and configure the link in the namespace. Again is a no-op, or a repair",
                RuntimeCalls.WireGuardUp));
        command.Subcommands.Add(
            UnitVerb.Create("wireguard down", "Delete the link. Absent is fine", RuntimeCalls.WireGuardDown));
        command.Subcommands.Add(
            UnitVerb.Create(
                "wireguard refresh",
                "Look up the endpoints that are names again, and tell the link. Fails while one has no address at all",
                RuntimeCalls.WireGuardRefresh));
        return command;
    }
}
