using VpnConfinement.Model;
using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC088, VPC099, VPC108 and VPC118: what a service runs that another daemon carries out, that its gate does not start, that cannot be read, or that strict hardening kills.</summary>
internal static class ServiceCommandRules
{
    private static readonly string[] StartKeys = ["ExecCondition", "ExecStartPre", "ExecStart", "ExecStartPost"];
    private static readonly string[] EngineVerbs = ["run", "start", "restart", "exec", "create", "compose", "up", "stack", "service", "container"];
    private static readonly string[] StartVerbs = ["start", "restart", "try-restart", "reload-or-restart", "isolate", "enable"];

    private static readonly string[] JitPrograms =
        ["dotnet", "java", "node", "nodejs", "deno", "bun", "mono", "mono-sgen", "pypy", "pypy3", "luajit", "beam.smp", "erl", "electron", "wine", "wine64", "julia"];

    internal const string ConfineTheOther = "Confine the service that does the work.";

    internal static void Check(ServiceUnit service)
    {
        foreach (var key in UnitCommand.Keys)
        {
            if (IsGivenToShell(service.Settings, "Service", key))
            {
                service.Error("VPC099", GivenToShell(service.Unit, key), InPlaceOfScript(service.Unit, key));
            }

            foreach (var words in UnitCommand.All(service.Settings, key).SelectMany(RunPrograms.Of))
            {
                if (IsDoneElsewhere(key, words))
                {
                    service.Error("VPC088", DoneElsewhere(service.Unit, key, words), ConfineTheOther);
                }
                else if (key == "ExecStart" && Jit(service, words[0]) is { } runtime)
                {
                    service.Warning("VPC118", $"{service.Unit} runs {Visible.Text(runtime)}, which makes code while it runs, and strict hardening forbids that.", $"Write allowJit = true under [{service.Written.InToml}]; without it the service will probably be killed.");
                }
            }
        }
    }

    /// <summary>Whether a command line of a key is given to a shell by its prefix <c>|</c>, which the start gate does not start.</summary>
    internal static bool IsGivenToShell(UnitSettings settings, string section, string key) =>
        UnitCommand.All(settings, section, key).Any(c => c.IsScript);

    internal static string GivenToShell(UnitName unit, string key) =>
        $"{unit} gives a command of {key} to a shell with '|' (systemd 258 and later), and its start gate starts programs only.";

    internal static string InPlaceOfScript(UnitName unit, string key) =>
        $"Write {key}=/bin/sh -c '...' in its place with 'systemctl edit {unit}'.";

    internal static string DoneElsewhere(UnitName unit, string key, IReadOnlyList<string> words) =>
        $"The work of {unit} is done by another daemon ('{Visible.Text(string.Join(' ', words.Take(2)))}' in {key}), which is not confined with it.";

    internal static bool IsDoneElsewhere(string key, IReadOnlyList<string> words)
    {
        var name = RunPrograms.Name(words[0]);
        var rest = words.Skip(1).ToList();
        var starts = StartKeys.Contains(key, StringComparer.Ordinal);
        return name switch
        {
            "docker" or "docker-compose" or "nerdctl" or "podman-remote" or "ctr" or "crictl" or "lxc" or "incus" or "virsh" => key == "ExecStart" || rest.Any(EngineVerbs.Contains),
            "podman" => (rest.Contains("--remote") || rest.Contains("-r") || rest.Any(w => w.StartsWith("--url", StringComparison.Ordinal) || w.StartsWith("--connection", StringComparison.Ordinal))) && (key == "ExecStart" || rest.Any(EngineVerbs.Contains)),
            "machinectl" or "systemd-run" or "run0" => starts,
            "systemctl" or "service" => starts && rest.Any(StartVerbs.Contains),
            _ => false,
        };
    }

    private static string? Jit(ServiceUnit service, string program)
    {
        if (service.Hardening != HardeningProfile.Strict || service.Written.AllowJit || service.Settings.Set("Service").Contains("MemoryDenyWriteExecute"))
        {
            return null;
        }

        var name = RunPrograms.Name(program);
        return JitPrograms.Contains(name, StringComparer.Ordinal) || name.StartsWith("qemu-system-", StringComparison.Ordinal) || program.Contains("/jvm/", StringComparison.Ordinal) ? name : null;
    }
}
