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
        var command = new Verb("apply", "Confine the services that the configuration names")
        {
            Group = VerbGroup.Host,
            Details = """
                It installs what the configuration compiles to, reloads systemd, and restarts the running services
                that a change concerns. Run twice it does nothing, or repairs. A change that fails half way goes back
                to what was applied before.

                Then it waits, 15 seconds at most, until what is up works. What is applied stays applied, whatever it
                finds.
                """,
            Examples =
            [
                new("sudo vpn-confinement apply"),
                new("sudo vpn-confinement apply --allow-unconfine", "after taking a service out of the configuration"),
                new("sudo vpn-confinement apply --confirm 120", "goes back unless 'confirm' is run within two minutes"),
            ],
            Exits = ExitStatus.With(
                new(ExitCodes.Done, "it is applied, and all of it works"),
                ExitStatus.Refused,
                new(ExitCodes.CheckFailed, "it is applied, and not all of it works"),
                new(ExitCodes.CheckInconclusive, "it is applied, and whether all of it works could not be told")),
            Files = [.. KnownFile.Configuration, KnownFile.Units, .. KnownFile.State],
        };
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
        var noWait = new Option<bool>("--no-wait") { Description = "Do not wait until tunnels, resolvers and services work" };
        command.Options.Add(noWait);
        command.SetAction(parsed => CommandErrors.Guard(() =>
        {
            CommandErrors.RequireRoot("apply");
            var binary = BinaryPath.Installed("apply");
            var loaded = ConfigPipeline.Load(ConfigSource.From(parsed, options));
            Findings.Print(loaded, json: false);
            return loaded.Confinement is { } confinement
                ? Apply(Compiler.Compile(confinement, binary, SocketProxy.In("/") ?? Compiler.DefaultSocketProxy), parsed.GetValue(allowUnconfine), parsed.GetValue(confirm), !parsed.GetValue(noWait))
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

    private static int Apply(CompiledTree tree, bool allowUnconfine, int? confirmSeconds, bool wait)
    {
        var systemctl = Systemctl.Open();
        Preflight.Run(tree);

        // Without the lock: whoever waits keeps nobody from confirming or taking back.
        Func<int>? report = null;
        var status = UnconfineConsent.UnderLock(allowUnconfine, () =>
        {
            var applied = UnnamedFiles.AddTo(ManifestStore.Load(), tree);
            var plan = new Applier(systemctl, Terminal.Progress).Prepare(applied, tree);
            return confirmSeconds is not null && !plan.IsEmpty && Transaction.RefuseConfirm(applied, tree, plan, allowUnconfine) is { } reason
                ? throw new SystemFailure(reason, "or apply without --confirm; nothing was changed")
                : (plan.Unconfined, () =>
                {
                    report = Change(systemctl, applied, tree, plan, confirmSeconds is { } seconds ? new ConfirmRequest(seconds, allowUnconfine, BinaryPath.Own()) : null, wait);
                    return ExitCodes.Done;
                });
        });
        return report?.Invoke() ?? status;
    }

    // Returns what looks, in the end, whether all works.
    private static Func<int> Change(Systemctl systemctl, Manifest applied, CompiledTree tree, ApplyPlan plan, ConfirmRequest? confirm, bool wait)
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
            return () => AppliedHealth.Report(systemctl, [], null, wait, null);
        }

        var failure = transaction.Run(applied, tree, plan, confirm);
        var up = systemctl.UpUnits(plan.NewlyConfined).SelectMany(u => new[] { u, UnitName.TemplateOf(u) }).ToHashSet(StringComparer.Ordinal);
        var loads = UnitSnapshot.Take(systemctl, plan.NewlyConfined, "LoadState");
        foreach (var service in plan.NewlyConfined.Where(s => !up.Contains(s)))
        {
            Terminal.Progress(
                UnitName.IsTemplateName(service) ? $"{service}: each instance is confined from its next start"
                : loads.Of(service, "LoadState") == "not-found"
                    ? $"{service}: not installed; confined from its first start, once it is"
                : $"{service}: confined from its next start ('systemctl start {service}')");
        }

        if (confirm is not null)
        {
            Terminal.Progress($"applied; run 'vpn-confinement confirm' within {confirm.Seconds} seconds, or everything goes back to what it was");
        }

        return () => AppliedHealth.Report(systemctl, transaction.Started, failure, wait, "done; 'vpn-confinement status' shows what is running where");
    }
}
