using System.CommandLine;
using VpnConfinement.Cli.Output;
using VpnConfinement.Linux.Gate;
using VpnConfinement.Plan;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>generate</c>: what systemd runs as a generator.</summary>
internal static class GenerateCommand
{
    internal static Command Create()
    {
        var folder = new Argument<string>("FOLDER") { Description = "The generator's folder of lowest priority" };
        var command = new Verb(
            "generate",
            "Put the start gate before each command of confined services; run by systemd whenever it reads its units")
        {
            Group = VerbGroup.Units,
            Examples = [new("sudo vpn-confinement generate /tmp/generated", "what systemd would get")],
        };
        command.Arguments.Add(folder);
        command.SetAction(parsed => CommandErrors.Guard(() =>
        {
            var status = ExitCodes.Done;
            var generator = new GateGenerator(parsed.GetValue(folder)!, StateLayout.GateProgram(BinaryPath.Own()));
            generator.Generate(failure =>
            {
                Terminal.Failure(failure.Message, failure.Remedy);
                status = ExitCodes.SystemFailed;
            });
            return status;
        }));
        return command;
    }
}
