using System.CommandLine;
using System.Text;
using VpnConfinement.Cli.Output;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Status;
using VpnConfinement.Linux.Systemd;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>metrics</c>: what <c>status</c> sees, for Prometheus. It sends nothing and changes nothing.</summary>
internal static class MetricsCommand
{
    internal static Command Create()
    {
        var options = new ConfigOptions();
        var output = new Option<string?>("--out", "-o")
        {
            Description = "Write to this file as a whole instead, with mode 0644; its name has to end in .prom",
            HelpName = "FILE",
        };
        output.Validators.Add(result =>
        {
            // The collector reads no other names.
            if (result.Tokens is [var token, ..] && !token.Value.EndsWith(".prom", StringComparison.Ordinal))
            {
                result.AddError($"--out takes a file whose name ends in .prom, not '{token.Value}'.");
            }
        });
        var command = new Verb("metrics", "Print the state in the text format of Prometheus")
        {
            Group = VerbGroup.State,
            Details = """
                It has what 'status' has: states, handshakes, bytes, refused packets, processes, published ports,
                drift. Handshakes are timestamps. Where nothing is known there is no sample. Peers are named by their
                public keys. docs/metrics.md has every metric.

                For the textfile collector of node_exporter, install vpn-confinement-metrics.service and
                vpn-confinement-metrics.timer from the folder examples, and enable the timer. A file that is not
                written any more has an old node_textfile_mtime_seconds.
                """,
            Examples =
            [
                new("sudo vpn-confinement metrics"),
                new("sudo vpn-confinement metrics --out /var/lib/prometheus/node-exporter/vpn-confinement.prom"),
            ],
            Exits = ExitStatus.With(new ExitStatus(ExitCodes.Done, "the metrics are written, whatever they say")),
            Files = [.. KnownFile.Configuration, .. KnownFile.State],
        };
        options.AddTo(command, withRoot: false);
        command.Options.Add(output);
        command.SetAction(parsed => CommandErrors.Guard(() =>
        {
            CommandErrors.RequireRoot("metrics");
            var status = new StatusReader(Systemctl.Open()).Read();
            status = ConfigurationStatus.Read(ConfigSource.From(parsed, options)) is { } configuration
                ? status.With(configuration)
                : status;
            var text = MetricsText.Write(status, typeof(MetricsCommand).Assembly.GetName().Version!.ToString(3));
            if (parsed.GetValue(output) is { } path)
            {
                AtomicFile.WriteNamed(Path.GetFullPath(path), Encoding.UTF8.GetBytes(text), AtomicFile.PublicMode);
            }
            else
            {
                Console.Write(text);
            }

            return ExitCodes.Done;
        }));
        return command;
    }
}
