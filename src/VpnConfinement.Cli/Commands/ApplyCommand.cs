using System.CommandLine;
using VpnConfinement.Cli.Output;
using VpnConfinement.Compile;
using VpnConfinement.Linux;
using VpnConfinement.Linux.Apply;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>apply</c>: brings the host to what the configuration says.</summary>
internal static class ApplyCommand
{
    private const int ShortestConfirm = 5;
    private const int LongestConfirm = 86400;

    internal static Command Create()
    {
        var options = new ConfigOptions();
        var allowUnconfine = new Option<bool>("--allow-unconfine") { Description = "Do not ask whether services that the configuration no longer names may lose their confinement (they are stopped)" };
        var command = new Command("apply", """
            Install what the configuration compiles to, reload systemd, and restart the running services that a change concerns. Run twice it does nothing, or repairs.

            Examples:
              sudo vpn-confinement apply
              sudo vpn-confinement apply --allow-unconfine   after taking a service out of the configuration
              sudo vpn-confinement apply --confirm 120       goes back by itself unless 'confirm' is run within two minutes
            """);
        options.AddTo(command, withRoot: false);
        command.Options.Add(allowUnconfine);
        var confirm = new Option<int?>("--confirm") { Description = $"Go back to what was applied before, unless 'vpn-confinement confirm' is run within this many seconds ({ShortestConfirm} to {LongestConfirm}), also after a crash or a boot. Where a service becomes confined, going back would take that away again: add --allow-unconfine", HelpName = "SECONDS" };
        confirm.Validators.Add(result =>
        {
            if (result.Tokens is [var token, ..] && (!int.TryParse(token.Value, out var seconds) || seconds is < ShortestConfirm or > LongestConfirm))
            {
                result.AddError($"--confirm takes a number of seconds from {ShortestConfirm} to {LongestConfirm}, not '{token.Value}'.");
            }
        });
        command.Options.Add(confirm);
        command.SetAction(parsed => CommandErrors.Guard(() =>
        {
            CommandErrors.RequireRoot("apply");
            var binary = BinaryPath.Installed("apply");
            var loaded = ConfigPipeline.Load(ConfigSource.From(parsed, options));
            Findings.Print(loaded, json: false);
            return loaded.Confinement is { } confinement
                ? Apply(Compiler.Compile(confinement, binary, SocketProxy.In("/") ?? Compiler.DefaultSocketProxy), parsed.GetValue(allowUnconfine), parsed.GetValue(confirm))
                : ExitCodes.ConfigRefused;
        }));
        return command;
    }

    private static void MakeKeys(CompiledTree tree)
    {
        foreach (var path in tree.Plans.Where(p => p.WireGuard.GeneratePrivateKey).Select(p => p.WireGuard.PrivateKeyFile))
        {
            if (PrivateKeyFile.Ensure(path) is { } publicKey)
            {
                Terminal.Progress($"made the private key {path}; give your provider its public key: {publicKey}");
            }
        }
    }

    private static int Apply(CompiledTree tree, bool allowUnconfine, int? confirmSeconds)
    {
        var systemctl = Systemctl.Open();
        Preflight.Run(tree);
        return UnconfineConsent.UnderLock(allowUnconfine, () =>
        {
            var applied = UnnamedFiles.AddTo(ManifestStore.Load(), tree);
            var plan = new Applier(systemctl, Terminal.Progress).Prepare(applied, tree);
            return confirmSeconds is not null && !plan.IsEmpty && Transaction.RefuseConfirm(applied, tree, plan, allowUnconfine) is { } reason
                ? throw new SystemFailure(reason, "or apply without --confirm; nothing was changed")
                : (plan.Unconfined, () => Change(systemctl, applied, tree, plan, confirmSeconds is { } seconds ? new ConfirmRequest(seconds, allowUnconfine, BinaryPath.Own()) : null));
        });
    }

    private static int Change(Systemctl systemctl, Manifest applied, CompiledTree tree, ApplyPlan plan, ConfirmRequest? confirm)
    {
        var transaction = new Transaction(systemctl, Terminal.Progress);
        MakeKeys(tree);
        foreach (var drift in plan.Drift)
        {
            Terminal.Progress($"repairing: {drift.Text}");
        }

        if (plan.IsEmpty)
        {
            new Applier(systemctl, Terminal.Progress).Verify(tree);
            Terminal.Progress(transaction.Settle(applied, tree, confirm)
                ? $"nothing to do; run 'vpn-confinement confirm' within {confirm?.Seconds} seconds, or everything goes back to what it was"
                : "nothing to do: the system is as the configuration says");
            return ExitCodes.Done;
        }

        transaction.Run(applied, tree, plan, confirm);
        var up = systemctl.UpUnits(plan.NewlyConfined).SelectMany(u => new[] { u, UnitName.TemplateOf(u) }).ToHashSet(StringComparer.Ordinal);
        foreach (var service in plan.NewlyConfined.Where(s => !up.Contains(s)))
        {
            Terminal.Progress($"{service}: confined from its next start ('systemctl start {service}')");
        }

        Terminal.Progress(confirm is null
            ? "done; 'vpn-confinement status' shows what is running where"
            : $"done; run 'vpn-confinement confirm' within {confirm.Seconds} seconds, or everything goes back to what it was");
        return ExitCodes.Done;
    }
}
