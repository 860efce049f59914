using System.CommandLine;
using System.Runtime.InteropServices;
using System.Text;
using VpnConfinement.Cli.Output;
using VpnConfinement.Doctor;
using VpnConfinement.Linux.Doctor;
using VpnConfinement.Linux.Files;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>doctor</c>: what this host cannot enforce, what does not work, and what will go wrong.</summary>
internal static class DoctorCommand
{
    private const UnixFileMode Private = UnixFileMode.UserRead | UnixFileMode.UserWrite;
    private const UnixFileMode Public = Private | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    internal static Command Create()
    {
        var options = new ConfigOptions();
        var json = new Option<bool>("--json") { Description = "Print JSON" };
        var report = new Option<string?>("--report")
        {
            Description = "Also write a file for a bug report, without keys, addresses and names",
            HelpName = "FILE",
        };
        var withNames = new Option<bool>("--with-names")
        {
            Description = "With --report: keep addresses and names in the file; keys are always left out",
        };
        var command = new Verb("doctor", "Find what keeps this host from working, with the cure")
        {
            Group = VerbGroup.State,
            Details = """
                It looks at systemd, the kernel, nftables, the clock, the host's network daemons, key files, the way to
                each endpoint, and what was applied. Each finding has a code, what is so, and what to type. It works
                with nothing applied. 'vpn-confinement explain CODE' says more about a code.

                It changes nothing. The resolvers of what was applied are asked one question each through the tunnel,
                and get 15 seconds to answer. Then they get packets of several sizes, which tell the MTU.
                docs/doctor.md has the JSON and what a report has.
                """,
            Examples =
            [
                new("sudo vpn-confinement doctor"),
                new("sudo vpn-confinement doctor --report report.txt", "a file to attach to a bug report"),
                new("sudo vpn-confinement doctor --json | jq '.findings[].code'", "for programs"),
            ],
            Exits = ExitStatus.With(
                new(ExitCodes.Done, "nothing is wrong"),
                new(ExitCodes.CheckFailed, "something is wrong, or will go wrong"),
                new(ExitCodes.CheckInconclusive, "it could not be told")),
            Files = [.. KnownFile.Configuration, .. KnownFile.State],
        };
        options.AddTo(command, withRoot: false);
        command.Options.Add(json);
        command.Options.Add(report);
        command.Options.Add(withNames);
        command.Validators.Add(result =>
        {
            if (result.GetValue(withNames) && result.GetValue(report) is null)
            {
                result.AddError("--with-names is for a file: name one with --report.");
            }
        });
        command.SetAction(parsed => CommandErrors.Guard(() =>
        {
            CommandErrors.RequireRoot("doctor");
            var source = ConfigSource.From(parsed, options);
            var loaded = source.IsAbsent ? null : ConfigPipeline.Load(source);
            var facts = new DoctorReader(Terminal.Progress).Read(loaded?.Findings, [.. loaded?.Sources.Keys ?? []]);
            var version = typeof(DoctorCommand).Assembly.GetName().Version!.ToString(3);
            var document = DoctorDocument.Of(facts, version);
            if (parsed.GetValue(json))
            {
                Console.WriteLine(DoctorJson.Write(document));
            }
            else
            {
                Console.Write(DoctorText.Write(document, Paint));
            }

            if (parsed.GetValue(report) is { } path)
            {
                var names = parsed.GetValue(withNames)
                    ? null
                    : NamesOfHost.Of(facts, loaded?.Confinement, loaded?.Sources.Values ?? []);
                var text = DoctorReport.Write(document, OwnSystem, names);
                var mode = names is null ? Private : Public;
                AtomicFile.WriteNamed(Path.GetFullPath(path), Encoding.UTF8.GetBytes(text), mode);
                Terminal.Progress($"the report is in {path}; read it before you attach it");
            }

            return document.ExitStatus;
        }));
        return command;
    }

    private static string OwnSystem => $"{RuntimeInformation.OSDescription}, Linux {Environment.OSVersion.Version}, "
        + $"{RuntimeInformation.OSArchitecture}";

    private static string Paint(string text, DoctorSeverity severity) => Terminal.Paint(
        text,
        severity switch
        {
            DoctorSeverity.Error => "31;1",
            DoctorSeverity.Warning or DoctorSeverity.Unknown => "33;1",
            DoctorSeverity.Notice => "36",
            _ => throw new InvalidOperationException("a severity of an unknown kind"),
        },
        Terminal.ColourOutput);
}
