using System.CommandLine;
using VpnConfinement.Cli.Completion;
using VpnConfinement.Cli.Output;
using VpnConfinement.Health;
using VpnConfinement.Linux;
using VpnConfinement.Linux.Status;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Text;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>status</c>: what is running, and in which network namespace it really is.</summary>
internal static class StatusCommand
{
    // Two looks at the counters give a rate when this lies between them.
    private static readonly TimeSpan RateInterval = TimeSpan.FromMilliseconds(500);

    internal static Command Create()
    {
        var options = new ConfigOptions();
        var name = new Argument<string?>("NAME")
        {
            Description = "A namespace, service or socket; all of them where none is named",
            Arity = ArgumentArity.ZeroOrOne,
        };
        name.CompletionSources.Add(_ => LiveNames.Namespaces());
        name.CompletionSources.Add(_ => LiveNames.Units());
        var watch = new Option<bool>("--watch", "-w")
        {
            Description = "Look every two seconds and redraw in place; q ends",
        };
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        var command = new Verb("status", "Show what works, what does not, and where processes are")
        {
            Group = VerbGroup.State,
            Details = """
                Each namespace has its tunnel, its resolvers, what it refused, and the network namespace that each
                process of its services is really in. The worst comes first. A unit that failed has the last line of
                its journal.

                On a terminal, the transfer has a rate, measured over half a second, and more than six services of a
                namespace that are all well share a line. NO_COLOR turns colours off. Marks are ASCII where the locale
                is not UTF-8.

                The exit status is that of what is shown: with NAME, of that and of the host as a whole. '--watch' ends
                with the one of its last look.
                """,
            Examples =
            [
                new("sudo vpn-confinement status"),
                new("sudo vpn-confinement status media", "one namespace, each of its services"),
                new("sudo vpn-confinement status --watch"),
                new("sudo vpn-confinement status --json | jq .verdict", "one word for scripts"),
            ],
            Exits = ExitStatus.With(
                new(ExitCodes.Done, "all of it works or is idle"),
                new(ExitCodes.CheckFailed, "something does not work, or differs from what was applied"),
                new(ExitCodes.CheckInconclusive, "it could not be told, or is still coming up")),
            Files = [.. KnownFile.Configuration, .. KnownFile.State],
        };
        command.Arguments.Add(name);
        options.AddTo(command, withRoot: false);
        command.Options.Add(watch);
        command.Options.Add(json);
        command.SetAction(parsed => CommandErrors.Guard(() =>
        {
            CommandErrors.RequireRoot("status");
            var source = ConfigSource.From(parsed, options);
            return parsed.GetValue(watch)
                ? Watch(source, parsed.GetValue(name), parsed.GetValue(json))
                : Show(source, parsed.GetValue(name), parsed.GetValue(json));
        }));
        return command;
    }

    /// <summary>Nothing of a name was seen.</summary>
    internal static UnknownName Unknown(HostStatus status, string name) => new(
        $"nothing that is applied is called '{Visible.Text(name)}'", name, StatusSelection.Names(status),
        "'vpn-confinement status' lists namespaces, services and sockets");

    private static int Show(ConfigSource source, string? name, bool json)
    {
        var style = Terminal.Style;
        var before = style.Width is null || json ? null : TunnelTraffic.Now();
        var all = Read(Systemctl.Open(), source);
        var status = name is null ? all : StatusSelection.Of(all, name) ?? throw Unknown(all, name);
        if (json)
        {
            Console.WriteLine(StatusJson.Write(status));
            return HealthStates.ExitStatus(status.State);
        }

        var after = before is null ? null : Later(before);
        var rows = new StatusRows(
            status, DateTimeOffset.UtcNow, ns => before is null ? null : after?.RateSince(before, ns),
            isBrief: style.Width is not null && name is null).All();
        Console.WriteLine(string.Join('\n', StatusScreen.Lines(rows, style)));
        return HealthStates.ExitStatus(status.State);
    }

    private static int Watch(ConfigSource source, string? name, bool json)
    {
        if (json || Console.IsOutputRedirected || Terminal.IsDumb)
        {
            Terminal.Failure(
                json
                    ? "--watch redraws a screen, and --json prints a document"
                    : "--watch redraws a screen, and its output is none",
                "leave --watch out, and run 'vpn-confinement status' as often as wanted");
            return ExitCodes.Usage;
        }

        var systemctl = Systemctl.Open();
        return new StatusWatch(() => Read(systemctl, source), name).Run();
    }

    private static HostStatus Read(Systemctl systemctl, ConfigSource source)
    {
        var status = new StatusReader(systemctl).Read();
        status = ConfigurationStatus.Read(source) is { } configuration ? status.With(configuration) : status;
        return new FailedLines(systemctl).AddTo(status);
    }

    private static TunnelTraffic Later(TunnelTraffic before)
    {
        var now = TunnelTraffic.Now();
        if (now.At - before.At < RateInterval && now.Bytes.Count > 0)
        {
            Thread.Sleep(RateInterval - (now.At - before.At));
            now = TunnelTraffic.Now();
        }

        return now;
    }
}
