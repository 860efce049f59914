using VpnConfinement.Model;
using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC088, VPC099, VPC108 and VPC118: what a service runs that another daemon carries out, that its gate does not start, that cannot be read, or that strict hardening kills.</summary>
internal static class ServiceCommandRules
{
    private static readonly string[] JitPrograms =
        ["dotnet", "java", "node", "nodejs", "deno", "bun", "mono", "mono-sgen", "pypy", "pypy3", "luajit", "beam.smp", "erl", "electron", "wine", "wine64", "julia"];

    internal static void Check(ServiceUnit service, IReadOnlySet<string> jitPrograms)
    {
        foreach (var key in UnitCommand.Keys)
        {
            if (IsGivenToShell(service.Settings, "Service", key))
            {
                service.Error("VPC099", GivenToShell(service.Unit, key), InPlaceOfScript(service.Unit, key));
            }

            var commands = UnitCommand.All(service.Settings, key).SelectMany(RunPrograms.Of).ToList();
            foreach (var elsewhere in commands.Select(words => WorkElsewhere.Find(key, words, service.Settings))
                .OfType<ElsewhereWork>().Distinct())
            {
                var (message, remedy) = Refusal(service.Unit, key, elsewhere);
                service.Error("VPC088", message, remedy);
            }

            if (key == "ExecStart")
            {
                foreach (var runtime in commands.Select(words => Jit(service, words[0], jitPrograms)).OfType<string>().Distinct())
                {
                    service.Warning("VPC118", $"{service.Unit} runs {Visible.Text(runtime)}, which makes code while it runs, and strict hardening forbids that.", $"Write allowJit = true under [{service.Written.InToml}]; without it the service will probably be killed.");
                }
            }
        }
    }

    /// <summary>Whether a command line of a key is given to a shell by its prefix <c>|</c>, which the start gate does not start.</summary>
    internal static bool IsGivenToShell(UnitSettings settings, string section, string key) =>
        UnitCommand.All(settings, section, key).Any(c => c.Prefixes.IsScript);

    internal static string GivenToShell(UnitName unit, string key) =>
        $"{unit} gives a command of {key} to a shell with '|' (systemd 258 and later), and its start gate starts programs only.";

    internal static string InPlaceOfScript(UnitName unit, string key) =>
        $"Write {key}=/bin/sh -c '...' in its place with 'systemctl edit {unit}'.";

    internal static (string Message, string Remedy) Refusal(UnitName unit, string key, ElsewhereWork elsewhere)
    {
        var words = Visible.Text(elsewhere.Words);
        return elsewhere.IsDaemon
            ? ($"The work of {unit} is done by another daemon ('{words}' in {key}), which is not confined with it.",
                "Confine the service that does the work.")
            : ($"'{words}' in {key} of {unit} is not known to run in the service's own network namespace: "
                + "it may run in a container that is there already.",
                "Start a container of the service's own ('podman run', without --pod and --network container:...), "
                + "or confine the unit that starts the container.");
    }

    private static string? Jit(ServiceUnit service, string program, IReadOnlySet<string> jitPrograms)
    {
        if (service.Hardening != HardeningProfile.Strict || service.Written.AllowJit || service.Settings.Set("Service").Contains("MemoryDenyWriteExecute"))
        {
            return null;
        }

        var name = RunPrograms.Name(program);
        return JitPrograms.Contains(name, StringComparer.Ordinal) || name.StartsWith("qemu-system-", StringComparison.Ordinal)
            || program.Contains("/jvm/", StringComparison.Ordinal) || jitPrograms.Contains(program)
            ? name
            : null;
    }
}
