using System.CommandLine;
using VpnConfinement.Linux.Runtime;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>return record|start|forget</c>: what brings services back after their tunnel.</summary>
internal static class ReturnCommand
{
    internal static Command Create()
    {
        var command = UnitVerb.Group(
            "return", "Remember which services a tunnel takes down, and start them when it is back; run by units",
            "return record media");
        command.Subcommands.Add(
            UnitVerb.Create(
                "return record", "Write down which confined services are running", RuntimeCalls.ReturnRecord));
        command.Subcommands.Add(
            UnitVerb.Create("return start", "Start what was written down", RuntimeCalls.ReturnStart));
        command.Subcommands.Add(
            UnitVerb.Create("return forget", "Forget what was written down, once it is up", RuntimeCalls.ReturnForget));
        return command;
    }
}
