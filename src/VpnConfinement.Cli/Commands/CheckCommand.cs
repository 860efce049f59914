using System.CommandLine;
using VpnConfinement.Cli.Output;
using VpnConfinement.Diagnostics;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>check</c>: reads the configuration and says all that is wrong with it. Changes nothing.</summary>
internal static class CheckCommand
{
    internal static Command Create()
    {
        var options = new ConfigOptions();
        var command = new Verb("check", "Report everything that is wrong with the configuration")
        {
            Group = VerbGroup.Configuration,
            Details = """
                Every finding has a place, a code, what is wrong and what to do. All of them are reported at once, and
                nothing is changed. 'vpn-confinement explain CODE' says more about a code.
                """,
            Examples =
            [
                new("sudo vpn-confinement check", "the installed configuration"),
                new("vpn-confinement check -c config.toml --root tree", "for a machine whose files are in tree"),
                new("vpn-confinement check -c - --format json --json", "for programs"),
            ],
            Exits = ExitStatus.With(
                new(ExitCodes.Done, "the configuration is accepted"),
                new(ExitCodes.ConfigRefused, "the configuration is refused")),
            Files = KnownFile.Configuration,
        };
        options.AddTo(command, withRoot: true);
        command.Options.Add(options.Json);
        command.SetAction(parsed => CommandErrors.Guard(() =>
        {
            var json = parsed.GetValue(options.Json);
            var loaded = ConfigPipeline.Load(ConfigSource.From(parsed, options));
            Findings.Print(loaded, json);
            if (!json && loaded.Confinement is { } confinement)
            {
                var services = confinement.Namespaces.Sum(n => n.Services.Count);
                var warnings = loaded.Findings.Count(f => f.Severity == Severity.Warning);
                Console.WriteLine($"ok{(warnings == 0 ? "" : $", with {Count(warnings, "warning")}")}: {Count(confinement.Namespaces.Count, "namespace")}, {Count(services, "confined service")}");
                if (confinement.Namespaces.All(n => n.Services.Count == 0 && n.Sockets.Count == 0))
                {
                    Console.WriteLine("Nothing is confined: write [services.NAME.vpn] for each service that is to be.");
                }
            }

            return loaded.Confinement is null ? ExitCodes.ConfigRefused : ExitCodes.Done;
        }));
        return command;
    }

    private static string Count(int n, string word) => n == 1 ? $"1 {word}" : $"{n} {word}s";
}
