using System.CommandLine;
using System.Globalization;
using VpnConfinement.Cli.Completion;
using VpnConfinement.Cli.Output;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Linux.Verify;
using VpnConfinement.Verify;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>verify</c>: a live leak test of what runs.</summary>
internal static class VerifyCommand
{
    private const int Seconds = 60;
    private const int MostSeconds = 3600;

    internal static Command Create()
    {
        var name = new Argument<string?>("NAME")
        {
            Description = "A namespace or a confined service; without one, all are tried",
            Arity = ArgumentArity.ZeroOrOne,
        };
        name.CompletionSources.Add(_ => LiveNames.Namespaces().Concat(
            LiveNames.Units().Where(u => !u.EndsWith(".socket", StringComparison.Ordinal))));
        var deadline = new Option<int>("--deadline")
        {
            Description = "Seconds after which no service is begun; one that was not tried is inconclusive",
            HelpName = "SECONDS",
            DefaultValueFactory = _ => Seconds,
        };
        deadline.Validators.Add(result =>
        {
            if (result.Tokens is [var token, ..]
                && !(int.TryParse(token.Value, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                    && seconds is > 0 and <= MostSeconds))
            {
                result.AddError($"--deadline takes 1 to {MostSeconds} seconds, not '{token.Value}'.");
            }
        });
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        var command = new Verb("verify", "Try whether anything leaves outside the tunnel")
        {
            Group = VerbGroup.State,
            Details = """
                Each running service is looked at as it is now: the network namespace of each of its threads, the
                resolver files that it sees, its sockets. Then packets that may not leave are sent as that service,
                while every link of the host is watched. Tunnel and resolver are tried as well.

                Each line passes, fails or is inconclusive; what was not seen is never a pass. Nothing of the host is
                changed. docs/verify.md has every check, what it sends, and the JSON.
                """,
            Examples =
            [
                new("sudo vpn-confinement verify"),
                new("sudo vpn-confinement verify transmission-daemon", "one service"),
                new("sudo vpn-confinement verify media --json | jq .outcome", "one word for scripts"),
            ],
            Exits = ExitStatus.With(
                new(ExitCodes.Done, "every line passes"),
                new(ExitCodes.CheckFailed, "a line fails"),
                new(ExitCodes.CheckInconclusive, "no line fails, and one is inconclusive")),
            Files = KnownFile.State,
        };
        command.Arguments.Add(name);
        command.Options.Add(deadline);
        command.Options.Add(json);
        command.SetAction(parsed => CommandErrors.Guard(() =>
        {
            CommandErrors.RequireRoot("verify");

            // A log has no use for it.
            Action<string> say = Console.IsErrorRedirected ? _ => { } : Terminal.Progress;
            var patience = TimeSpan.FromSeconds(parsed.GetValue(deadline));
            var report = new Verifier(Systemctl.Open(), say, patience).Run(parsed.GetValue(name));
            Console.Write(parsed.GetValue(json) ? VerifyJson.Write(report) + "\n" : VerifyText.Of(report));
            return VerifyReport.ExitStatus(report.Outcome);
        }));
        return command;
    }
}
