using System.CommandLine;
using VpnConfinement.Cli.Output;
using VpnConfinement.Linux;
using VpnConfinement.Linux.Apply;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Systemd;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>confirm</c>: keeps a change that would go back by itself.</summary>
internal static class ConfirmCommand
{
    internal static Command Create()
    {
        var command = new Verb("confirm", "Keep what 'apply --confirm' applied")
        {
            Group = VerbGroup.Host,
            Details = "Without it the change goes back by itself once its time is over.",
            Examples =
            [
                new("sudo vpn-confinement confirm"),
                new("sudo vpn-confinement status && sudo vpn-confinement confirm", "only where all of it works"),
            ],
            Files = KnownFile.State,
        };
        command.SetAction(_ => CommandErrors.Guard(() =>
        {
            CommandErrors.RequireRoot("confirm");
            var systemctl = Systemctl.Open();
            using var applying = ApplyLock.Take();
            if (Confirmation.Pending() is null)
            {
                throw new SystemFailure(
                    "nothing waits to be confirmed",
                    "if one was not confirmed in time, it was taken back ('journalctl -u vpn-confinement-confirm' has "
                    + "it); 'vpn-confinement rollback --list' shows what is applied");
            }

            if (!ManifestStore.LoadKnown().IsWhole)
            {
                throw new SystemFailure(
                    "the change has not finished; there is nothing to confirm yet",
                    "run 'vpn-confinement apply' again, or wait until it is taken back");
            }

            Confirmation.Settle(systemctl);
            Terminal.Progress("confirmed: what is applied stays");
            return ExitCodes.Done;
        }));
        return command;
    }
}
