using System.CommandLine;
using VpnConfinement.Cli.Output;
using VpnConfinement.Linux.Apply;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.State;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>remove</c>: takes everything away and leaves the host as it was.</summary>
internal static class RemoveCommand
{
    internal static Command Create()
    {
        var allowUnconfine = new Option<bool>("--allow-unconfine") { Description = "Do not ask whether the confined services may lose their confinement (they are stopped)" };
        var command = new Verb("remove", "Release all services and take everything away")
        {
            Group = VerbGroup.Host,
            Details = """
                Units, drop-ins, tunnels, namespaces and state go. The configuration and key files stay.

                Confined services are stopped and stay stopped, because they would start without the VPN. Where there
                are any it asks first, on a terminal; elsewhere it needs --allow-unconfine.
                """,
            Examples =
            [
                new("sudo vpn-confinement remove"),
                new("sudo vpn-confinement remove --allow-unconfine", "in a script"),
            ],
            Exits = ExitStatus.With(ExitStatus.NotAllowed),
            Files = [KnownFile.Units, .. KnownFile.State],
        };
        command.Options.Add(allowUnconfine);
        command.SetAction(parsed => CommandErrors.Guard(() =>
        {
            CommandErrors.RequireRoot("remove");
            var systemctl = Systemctl.Open();
            return UnconfineConsent.UnderLock(parsed.GetValue(allowUnconfine), () =>
                Remover.Applied() is { } applied
                    ? ([.. applied.Namespaces.SelectMany(n => n.Units).Select(u => u.Name).Distinct()], () => Remove(systemctl, applied))
                    : ([], () => RemoveRest(systemctl)));
        }));
        return command;
    }

    private static int Remove(Systemctl systemctl, Manifest applied)
    {
        Remover.Run(applied, systemctl, Terminal.Progress);
        ApplyLock.DeleteRunFolder();
        Terminal.Progress("removed; the configuration and your key files were left where they are");
        return ExitCodes.Done;
    }

    private static int RemoveRest(Systemctl systemctl)
    {
        Remover.DeleteRest(systemctl);
        ApplyLock.DeleteRunFolder();
        Terminal.Progress("nothing to remove");
        return ExitCodes.Done;
    }
}
