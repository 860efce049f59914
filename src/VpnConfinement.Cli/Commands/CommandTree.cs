using System.CommandLine;
using System.CommandLine.Help;
using VpnConfinement.Cli.Help;

namespace VpnConfinement.Cli.Commands;

/// <summary>Every command of the program.</summary>
internal static class CommandTree
{
    internal static RootCommand Create()
    {
        var root = new RootCommand(ProgramPage.Summary);
        var all =
            new Option<bool>("--all") { Description = "With --help: what only units call as well", Hidden = true };
        root.Options.Add(all);
        root.Options.OfType<HelpOption>().Single().Action = new HelpPrinter(all);
        foreach (var command in (Command[])
        [
            CheckCommand.Create(),
            ShowCommand.Create(),
            BuildCommand.Create(),
            PlanCommand.Create(),
            ApplyCommand.Create(),
            ConfirmCommand.Create(),
            RollbackCommand.Create(),
            RemoveCommand.Create(),
            ExecCommand.Create(),
            StatusCommand.Create(),
            DoctorCommand.Create(),
            VerifyCommand.Create(),
            MetricsCommand.Create(),
            GraphCommand.Create(),
            ExplainCommand.Create(),
            OptionsCommand.Create(),
            ManCommand.Create(),
            CompletionCommand.Create(),
            CompleteCommand.Create(),
            NetnsCommand.Create(),
            HostRouteCommand.Create(),
            WireGuardCommand.Create(),
            PinCommand.Create(),
            ReturnCommand.Create(),
            WatchCommand.Create(),
            GateCommand.Create(),
            ExecCallerCommand.Create(),
            GenerateCommand.Create(),
            VerifyProbeCommand.Create(),
        ])
        {
            root.Subcommands.Add(command);
        }

        return root;
    }
}
