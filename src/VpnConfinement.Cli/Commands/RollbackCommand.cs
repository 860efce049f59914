using System.CommandLine;
using System.Globalization;
using VpnConfinement.Cli.Completion;
using VpnConfinement.Cli.Output;
using VpnConfinement.Linux;
using VpnConfinement.Linux.Apply;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Systemd;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>rollback</c>: brings back what was applied before.</summary>
internal static class RollbackCommand
{
    internal static Command Create()
    {
        var to = new Option<int?>("--to") { Description = "Number of the generation to bring back", HelpName = "N" };
        var list = new Option<bool>("--list") { Description = "Show what is kept, and change nothing" };
        var allowUnconfine = new Option<bool>("--allow-unconfine") { Description = "Let services lose their confinement that were not confined then (they are stopped)" };
        var unconfirmed = new Option<bool>("--unconfirmed") { Description = "Take back a change that nobody confirmed; run by vpn-confinement-confirm.service", Hidden = true };
        var command = new Verb("rollback", "Return to an earlier generation")
        {
            Group = VerbGroup.Host,
            Details = $"""
                It brings back what was applied before the last 'apply'. The last {GenerationStore.Kept} generations
                are kept. The configuration file stays as it is: the next 'apply' goes by it.
                """,
            Examples =
            [
                new("sudo vpn-confinement rollback"),
                new("sudo vpn-confinement rollback --list", "which generations are kept"),
                new("sudo vpn-confinement rollback --to 3"),
            ],
            Exits = ExitStatus.With(
                ExitStatus.NotAllowed,
                new(ExitCodes.CheckFailed, "the generation is applied, and not all of it runs")),
            Files = KnownFile.State,
        };
        to.Validators.Add(result =>
        {
            if (result.Tokens is [var token, ..] && (!int.TryParse(token.Value, out var number) || number < 1))
            {
                result.AddError($"--to takes the number of a generation, from 1, not '{token.Value}'; 'vpn-confinement rollback --list' shows them.");
            }
        });
        to.CompletionSources.Add(_ => LiveNames.Generations());
        command.Options.Add(to);
        command.Options.Add(list);
        command.Options.Add(allowUnconfine);
        command.Options.Add(unconfirmed);
        command.SetAction(parsed => CommandErrors.Guard(() =>
        {
            CommandErrors.RequireRoot("rollback");
            if (parsed.GetValue(list))
            {
                List();
                return ExitCodes.Done;
            }

            var systemctl = Systemctl.Open();
            if (parsed.GetValue(unconfirmed))
            {
                return TakeBack(systemctl);
            }

            // Once: while somebody answers, a change may be taken back, and what was applied before is another one then.
            var target = parsed.GetValue(to);
            return UnconfineConsent.UnderLock(parsed.GetValue(allowUnconfine), () =>
            {
                RequireKept(target);
                return Prepare(systemctl, target ??= Transaction.Before(ManifestStore.LoadKnown()));
            });
        }));
        return command;
    }

    private static void RequireKept(int? generation)
    {
        if (generation is { } number && !GenerationStore.Numbers().Contains(number))
        {
            throw new UnknownName(
                $"there is no generation {number}", "'vpn-confinement rollback --list' shows those that are kept");
        }
    }

    private static int TakeBack(Systemctl systemctl)
    {
        using var applying = ApplyLock.Take();
        if (Confirmation.Pending() is not { } pending)
        {
            Terminal.Progress("nothing waits to be confirmed");
            Confirmation.Settle(systemctl);
            return ExitCodes.Done;
        }

        Terminal.Progress($"nobody confirmed the last change within {pending.Seconds} seconds");
        var (unconfined, goBack) = Prepare(systemctl, pending.BackTo);
        return pending.AllowUnconfine || unconfined.Count == 0 ? goBack() : UnconfineConsent.Refuse($"rollback --to {pending.BackTo}", unconfined);
    }

    private static (IReadOnlyList<string> Unconfined, Func<int> GoBack) Prepare(Systemctl systemctl, int generation)
    {
        var applied = ManifestStore.LoadKnown();
        if (generation == 0)
        {
            throw new SystemFailure("there is nothing to go back to: no generation before this one is kept", "'vpn-confinement remove' takes everything away");
        }

        var transaction = new Transaction(systemctl, Terminal.Progress);
        var plan = transaction.PrepareRollback(applied, generation, out var tree);
        return (plan.Unconfined, () =>
        {
            if (transaction.Rollback(applied, generation, tree, plan) is { } failure)
            {
                Terminal.Failure($"generation {generation} is applied, and not all of it runs: {failure.Message}", failure.Remedy);
                return ExitCodes.CheckFailed;
            }

            Terminal.Progress($"done; generation {generation} is applied, and the next 'vpn-confinement apply' goes by the configuration again");
            return ExitCodes.Done;
        });
    }

    private static void List()
    {
        var applied = ManifestStore.LoadKnown();
        var numbers = GenerationStore.Numbers();
        if (numbers.Count == 0)
        {
            Terminal.Progress("nothing is kept: nothing was applied");
        }

        var before = Transaction.Before(applied);
        foreach (var number in numbers)
        {
            var mark = number == applied.Generation ? (applied.IsWhole ? "  (applied)" : "  (applied before the change that was cut short; where 'rollback' leads)") : number == before ? "  (where 'rollback' leads)" : "";
            try
            {
                var kept = GenerationStore.Load(number);
                var services = kept.Namespaces.Sum(n => n.Units.Count);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{number,4}  {kept.Made.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC  {string.Join(", ", kept.Namespaces.Select(n => n.Name))}; {services} {(services == 1 ? "unit" : "units")} confined{mark}"));
            }
            catch (SystemFailure e)
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{number,4}  {e.Message}{mark}"));
            }
        }
    }
}
