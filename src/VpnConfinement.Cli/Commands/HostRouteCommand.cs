using System.CommandLine;
using VpnConfinement.Linux.Runtime;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>host-route keep</c>: what the units of host links run at boot.</summary>
internal static class HostRouteCommand
{
    private const string ExampleArguments = "host-route keep media 169.254.1.0/30";

    internal static Command Create()
    {
        var ns = new Argument<string>("NAMESPACE") { Description = "Name of an applied namespace" };
        var subnet = new Argument<string>("SUBNET") { Description = "Subnet of its host link, as 169.254.1.0/30" };
        var keep = new Verb(
            "keep", "Make the host's unreachable route to a host link, below that of the link itself. Again is a no-op")
        {
            Group = VerbGroup.Units,
            Examples = [new($"sudo vpn-confinement {ExampleArguments}")],
        };
        keep.Arguments.Add(ns);
        keep.Arguments.Add(subnet);
        keep.SetAction(parsed => CommandErrors.Guard(() =>
        {
            CommandErrors.RequireRoot("host-route keep");

            // Standard error of a unit is its journal.
            RuntimeCalls.HostRouteKeep(parsed.GetValue(ns)!, parsed.GetValue(subnet)!, Console.Error.WriteLine);
            return ExitCodes.Done;
        }));
        var command = UnitVerb.Group(
            "host-route",
            "Keep what the host sends to a host link off its default route; run by "
                + "vpn-confinement-host-route-NAMESPACE.service",
            ExampleArguments);
        command.Subcommands.Add(keep);
        return command;
    }
}
