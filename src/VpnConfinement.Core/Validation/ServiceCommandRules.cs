using VpnConfinement.Model;
using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC088, VPC108 and VPC118: what a service runs that another daemon carries out, that cannot be read, or that strict hardening kills.</summary>
internal static class ServiceCommandRules
{
    private static readonly string[] JitPrograms =
        ["dotnet", "java", "node", "nodejs", "deno", "bun", "mono", "mono-sgen", "pypy", "pypy3", "luajit", "beam.smp", "erl", "electron", "wine", "wine64", "julia"];

    internal static void Check(ServiceUnit service)
    {
        // They are written again behind ours, which cannot be done to what does not stay on its line.
        foreach (var condition in service.Settings.All("Service", "ExecCondition").Where(c => c.EndsWith('\\') || c.Any(char.IsControl)))
        {
            service.Error("VPC108", $"The ExecCondition of {service.Unit} cannot be read: '{Visible.Text(condition)}' has a control character, or a backslash at its end.", $"Write it without with 'systemctl edit {service.Unit}'.");
        }

        foreach (var key in UnitCommand.Keys)
        {
            var commands = UnitCommand.All(service.Settings, key).SelectMany(c => RunPrograms.Of(c.Words)).ToList();
            foreach (var elsewhere in commands.Select(words => WorkElsewhere.Find(key, words, service.Settings))
                .OfType<ElsewhereWork>().Distinct())
            {
                Refuse(service, key, elsewhere);
            }

            if (key == "ExecStart")
            {
                foreach (var runtime in commands.Select(words => Jit(service, words[0])).OfType<string>().Distinct())
                {
                    service.Warning("VPC118", $"{service.Unit} runs {Visible.Text(runtime)}, which makes code while it runs, and strict hardening forbids that.", $"Write allowJit = true under [{service.Written.InToml}]; without it the service will probably be killed.");
                }
            }
        }
    }

    private static void Refuse(ServiceUnit service, string key, ElsewhereWork elsewhere)
    {
        var words = Visible.Text(elsewhere.Words);
        if (elsewhere.IsDaemon)
        {
            service.Error(
                "VPC088",
                $"The work of {service.Unit} is done by another daemon ('{words}' in {key}), "
                + "which is not confined with it.",
                "Confine the service that does the work.");
        }
        else
        {
            service.Error(
                "VPC088",
                $"'{words}' in {key} of {service.Unit} is not known to run in the service's own network namespace: "
                + "it may run in a container that is there already.",
                "Start a container of the service's own ('podman run', without --pod and --network container:...), "
                + "or confine the unit that starts the container.");
        }
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
