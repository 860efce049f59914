using System.CommandLine;
using VpnConfinement.Cli.Output;
using VpnConfinement.Compile;
using VpnConfinement.Linux.Apply;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Systemd;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>apply</c>: brings the host to what the configuration says.</summary>
internal static class ApplyCommand
{
    internal static Command Create()
    {
        var options = new ConfigOptions();
        var allowUnconfine = new Option<bool>("--allow-unconfine") { Description = "Let services lose their confinement when the configuration no longer names them (they are stopped)" };
        var command = new Command("apply", """
            Install what the configuration compiles to, reload systemd, and restart the running services that a change concerns. Run twice it does nothing, or repairs.

            Examples:
              sudo vpn-confinement apply
              sudo vpn-confinement apply --allow-unconfine   after taking a service out of the configuration
            """);
        options.AddTo(command, withRoot: false);
        command.Options.Add(allowUnconfine);
        command.SetAction(parsed => CommandErrors.Guard(() =>
        {
            CommandErrors.RequireRoot("apply");
            if (!BinaryPath.IsLasting(BinaryPath.Own()))
            {
                Terminal.Failure($"the units would run this program from {BinaryPath.Own()}, where it may vanish or be changed by others", "install it first: 'sudo install -m 755 vpn-confinement /usr/bin/', then run '/usr/bin/vpn-confinement apply'");
                return ExitCodes.SystemFailed;
            }

            var loaded = ConfigPipeline.Load(ConfigSource.From(parsed, options));
            Findings.Print(loaded, json: false);
            return loaded.Confinement is { } confinement
                ? Apply(Compiler.Compile(confinement, BinaryPath.Own(), SocketProxy.In("/") ?? Compiler.DefaultSocketProxy), parsed.GetValue(allowUnconfine))
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

    private static int Apply(CompiledTree tree, bool allowUnconfine)
    {
        var systemctl = Systemctl.Open();
        Preflight.Run(tree);
        using var applying = ApplyLock.Take();
        var applied = ManifestStore.Load();
        var applier = new Applier(systemctl, Terminal.Progress);
        var plan = applier.Prepare(applied, tree);
        if (plan.Unconfined.Count == 0 || allowUnconfine)
        {
            MakeKeys(tree);
        }

        if (plan.IsEmpty)
        {
            applier.Verify(tree);
            Terminal.Progress("nothing to do: the system is as the configuration says");
            return ExitCodes.Done;
        }

        if (plan.Unconfined.Count > 0 && !allowUnconfine)
        {
            Terminal.Failure(
                $"these services would lose their confinement: {string.Join(", ", plan.Unconfined)}",
                "put them back into the configuration, or run 'vpn-confinement apply --allow-unconfine' if that is what you want; nothing was changed");
            return ExitCodes.ConfigRefused;
        }

        applier.Run(applied, tree, plan);
        foreach (var service in plan.NewlyConfined.Where(s => systemctl.UpUnits([s]).Count == 0))
        {
            Terminal.Progress($"{service}: confined from its next start ('systemctl start {service}')");
        }

        Terminal.Progress("done; 'vpn-confinement status' shows what is running where");
        return ExitCodes.Done;
    }
}
