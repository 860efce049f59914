using System.CommandLine;
using VpnConfinement.Cli.Output;
using VpnConfinement.Linux.Apply;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Systemd;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>remove</c>: takes everything away and leaves the host as it was.</summary>
internal static class RemoveCommand
{
    internal static Command Create()
    {
        var command = new Command("remove", """
            Take everything away: units, drop-ins, tunnels, namespaces, state. Confined services are stopped and stay stopped, because they would start without the VPN.

            Example:
              sudo vpn-confinement remove
            """);
        command.SetAction(_ => CommandErrors.Guard(() =>
        {
            CommandErrors.RequireRoot("remove");
            var systemctl = Systemctl.Open();
            using var applying = ApplyLock.Take();
            if (!Remover.Run(systemctl, Terminal.Progress))
            {
                Terminal.Progress("nothing to remove");
                return ExitCodes.Done;
            }

            ApplyLock.DeleteRunFolder();
            Terminal.Progress("removed; the configuration and your key files were left where they are");
            return ExitCodes.Done;
        }));
        return command;
    }
}
