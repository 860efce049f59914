using System.CommandLine;
using VpnConfinement.Linux.Runtime;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>pin up|down</c>: what the endpoint pinning units run.</summary>
internal static class PinCommand
{
    internal static Command Create()
    {
        var command = UnitVerb.Group(
            "pin",
            "Pin the endpoints of a tunnel where its socket is; run by "
            + "vpn-confinement-endpoint-pinning@NAMESPACE.service");
        command.Subcommands.Add(
            UnitVerb.Create(
                "pin up",
                "Load the table that holds the tunnel's packets to its endpoints. Again is a no-op, or a repair",
                RuntimeCalls.PinUp));
        command.Subcommands.Add(
            UnitVerb.Create(
                "pin down", "Delete the table, once the link is gone. Absent is fine", RuntimeCalls.PinDown));
        return command;
    }
}
