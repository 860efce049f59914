using System.CommandLine;
using VpnConfinement.Cli.Commands;

var root = new RootCommand(
    """
    Fail-closed WireGuard confinement of selected systemd services.

    Examples:
      sudo vpn-confinement check                 what is wrong with /etc/vpn-confinement/config.toml
      vpn-confinement build --out tree           what would be generated, without touching the system
      sudo vpn-confinement show                  what it comes to: addresses, ports, who is confined
      sudo vpn-confinement plan                  what apply would change, line by line, and what it would restart
      sudo vpn-confinement apply                 confine
      sudo vpn-confinement status                what is running, and in which network namespace
      sudo vpn-confinement rollback              bring back what was applied before
      sudo vpn-confinement remove                take everything away

    Exit status: 0 done; 1 configuration refused; 2 usage; 3 the system refused or failed; 4 a check found something wrong; 5 a check could not tell; 6 plan --detailed-exitcode: something would change.
    """);
root.Subcommands.Add(CheckCommand.Create());
root.Subcommands.Add(BuildCommand.Create());
root.Subcommands.Add(PlanCommand.Create());
root.Subcommands.Add(ApplyCommand.Create());
root.Subcommands.Add(ConfirmCommand.Create());
root.Subcommands.Add(OptionsCommand.Create());
root.Subcommands.Add(RemoveCommand.Create());
root.Subcommands.Add(RollbackCommand.Create());
root.Subcommands.Add(ShowCommand.Create());
root.Subcommands.Add(StatusCommand.Create());
root.Subcommands.Add(NetnsCommand.Create());
root.Subcommands.Add(HostRouteCommand.Create());
root.Subcommands.Add(WireGuardCommand.Create());
root.Subcommands.Add(PinCommand.Create());
root.Subcommands.Add(ReturnCommand.Create());
root.Subcommands.Add(WatchCommand.Create());
root.Subcommands.Add(GateCommand.Create());
root.Subcommands.Add(GenerateCommand.Create());
var parsed = root.Parse(args);
return parsed.Errors.Count > 0 ? UsageErrors.Print(parsed) : parsed.Invoke();
