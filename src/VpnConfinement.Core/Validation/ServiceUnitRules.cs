using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.State;

namespace VpnConfinement.Validation;

/// <summary>VPC083 to VPC088, VPC100, VPC106 and VPC113: what a service's own unit says that confinement cannot live with, or weakly.</summary>
internal static class ServiceUnitRules
{
    private static readonly string[] ExecKeys = ["ExecCondition", "ExecStartPre", "ExecStart", "ExecStartPost", "ExecReload", "ExecStop", "ExecStopPost"];
    private static readonly string[] KnownSpecifiers = ["%C", "%E", "%L", "%S", "%T", "%V", "%h"];
    private static readonly string[] CapabilityKeys = ["CapabilityBoundingSet", "AmbientCapabilities"];
    private static readonly string[] Escapes = ["CAP_NET_ADMIN", "CAP_NET_RAW", "CAP_BPF", "CAP_DAC_READ_SEARCH"];
    private static readonly string[] OffKeys = ["PrivateDevices", "ProtectControlGroups"];
    private static readonly string[] RootKeys = ["RootDirectory", "RootImage"];

    internal static void Check(ServiceConfig service, UnitName unit, UnitSettings settings, HostFacts facts, DiagnosticBag findings)
    {
        void Error(string code, string message, string remedy) => findings.Error(code, service.Path, service.Name.Span, message, remedy);
        void Warning(string code, string message, string remedy) => findings.Warning(code, service.Path, service.Name.Span, message, remedy);

        if (settings.Last("Service", "NetworkNamespacePath") is { } path)
        {
            Error("VPC083", $"{unit} sets NetworkNamespacePath={path} itself.", $"Take it out with 'systemctl edit {unit}'; the namespace is attached here.");
        }

        if (settings.IsOn("Service", "PrivateNetwork"))
        {
            Error("VPC084", $"{unit} sets PrivateNetwork itself.", $"Take it out with 'systemctl edit {unit}'; the namespace is attached here.");
        }

        if (settings.Last("Unit", "JoinsNamespaceOf") is { } joined)
        {
            Error("VPC085", $"{unit} sets JoinsNamespaceOf={joined}.", $"Take it out with 'systemctl edit {unit}'; it would share another unit's namespaces.");
        }

        foreach (var key in RootKeys.Where(k => settings.Last("Service", k) is not null))
        {
            Error("VPC087", $"{unit} sets {key}, so the pinned resolver files would not be the ones it sees.", "Run the service without it, or do not confine it.");
        }

        if (BringsBackRun(service, settings) is { } bind)
        {
            Error("VPC087", $"{unit} binds {bind}, which brings the host's /run back.", $"Name what it needs in {service.Path}.runPaths, and take the bind out with 'systemctl edit {unit}'.");
        }

        if (DoneElsewhere(settings) is { } command)
        {
            Error("VPC088", $"The work of {unit} is done by another daemon ('{command}'), which is not confined with it.", "Confine the service that does the work.");
        }

        if (settings.Last("Service", "User") is null or "root" or "0" && !settings.IsOn("Service", "DynamicUser"))
        {
            Warning("VPC100", $"{unit} runs as root, and root in a service is not contained by a network namespace.", $"Set User= or DynamicUser=yes with 'systemctl edit {unit}'.");
        }

        foreach (var socket in ServiceUnits.SocketsOf(unit).Where(s => facts.Unit(s) is not UnitFact.Missing).Union(settings.Words("Service", "Sockets")))
        {
            Warning("VPC106", $"{socket} hands sockets of the host to {unit}; through one of those it can send outside the tunnel.", $"Disable it with 'systemctl disable --now {socket}' and publish the port with publishToHost.tcp.");
        }

        CheckWeaker(unit, settings, Warning);
        CheckIsolation(unit, settings, Warning);
    }

    private static void CheckWeaker(UnitName unit, UnitSettings settings, Action<string, string, string> warning)
    {
        if (ExecKeys.Any(k => settings.All("Service", k).Any(v => Prefixes(v).Contains('+', StringComparison.Ordinal))))
        {
            warning("VPC113", $"{unit} has command lines with '+', which run with full privileges and can leave the namespace.", $"Take the '+' out with 'systemctl edit {unit}'.");
        }

        if (settings.Last("Service", "KillMode") is "process" or "none")
        {
            warning("VPC113", $"{unit} sets KillMode={settings.Last("Service", "KillMode")}, so its children survive a stop.", $"Set KillMode=control-group with 'systemctl edit {unit}'.");
        }

        if (settings.Last("Service", "FileDescriptorStoreMax") is not (null or "0"))
        {
            warning("VPC113", $"{unit} keeps descriptors over restarts, and with them sockets from before its confinement.", $"Set FileDescriptorStoreMax=0 with 'systemctl edit {unit}'.");
        }
    }

    // The isolation list of capabilities, families, devices and control groups: what the unit sets itself is kept, and named where it is weaker than ours.
    private static void CheckIsolation(UnitName unit, UnitSettings settings, Action<string, string, string> warning)
    {
        void Weaker(string setting, string because) => warning("VPC113", $"{unit} sets {setting}, {because}.", $"Take it out with 'systemctl edit {unit}'.");

        foreach (var key in CapabilityKeys)
        {
            foreach (var word in Allowed(settings, key).Where(w => w.StartsWith('~') || IsEscape(w)))
            {
                Weaker($"{key}={word}", "which leaves it capabilities to change its network or to leave its namespace");
            }
        }

        foreach (var word in Allowed(settings, "RestrictAddressFamilies").Where(w => w.StartsWith('~') || w is "AF_PACKET" or "AF_VSOCK" or "AF_ALG"))
        {
            Weaker($"RestrictAddressFamilies={word}", "which leaves it address families that no ruleset sees");
        }

        foreach (var key in OffKeys.Where(k => settings.IsOff("Service", k)))
        {
            Weaker($"{key}={settings.Last("Service", key)}", "which leaves it devices or control groups of the host");
        }
    }

    // The words of each list; one that begins with ~ is a list of what is taken away, and stands whole.
    private static IEnumerable<string> Allowed(UnitSettings settings, string key) =>
        settings.All("Service", key).SelectMany(v => v.StartsWith('~') ? [v] : v.Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries)).Distinct();

    private static bool IsEscape(string capability) =>
        capability.StartsWith("CAP_SYS_", StringComparison.OrdinalIgnoreCase) || Escapes.Contains(capability, StringComparer.OrdinalIgnoreCase);

    private static string Prefixes(string command) => new([.. command.TakeWhile(c => c is '@' or '-' or ':' or '+' or '!' or '|')]);

    private static string? BringsBackRun(ServiceConfig service, UnitSettings settings)
    {
        foreach (var bind in settings.Words("Service", "BindPaths").Concat(settings.Words("Service", "BindReadOnlyPaths")))
        {
            var parts = bind.Trim('"', '\'').TrimStart('-').Split(':');
            foreach (var path in parts.Take(2).Select(Plain))
            {
                var real = path == "/var/run" || path.StartsWith("/var/run/", StringComparison.Ordinal) ? path["/var".Length..] : path;
                if (real is "/" or "/run" or "/var" || IsUnknowable(real) || (real.StartsWith("/run/", StringComparison.Ordinal) && service.RunPaths.All(p => p.Value != real)))
                {
                    return bind;
                }
            }
        }

        return null;
    }

    // %t is /run for services of the system (systemd.unit(5), "Specifiers"); doubled slashes and dots lead to the same place.
    private static string Plain(string path)
    {
        var expanded = path.Replace("%t", "/run", StringComparison.Ordinal);
        if (!expanded.StartsWith('/'))
        {
            return expanded;
        }

        var parts = new List<string>();
        foreach (var part in expanded.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != "."))
        {
            if (part != "..")
            {
                parts.Add(part);
            }
            else if (parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
        }

        return "/" + string.Join('/', parts);
    }

    // A path that begins with a specifier whose value is not one of the fixed folders may be anything.
    private static bool IsUnknowable(string path) => path.StartsWith('%') && !KnownSpecifiers.Any(s => path.StartsWith(s, StringComparison.Ordinal));

    private static string? DoneElsewhere(UnitSettings settings)
    {
        foreach (var line in settings.All("Service", "ExecStart"))
        {
            var words = line[Prefixes(line).Length..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words.Length == 0)
            {
                continue;
            }

            var program = words[0].Trim('"')[(words[0].Trim('"').LastIndexOf('/') + 1)..];
            var elsewhere = program switch
            {
                "docker" or "docker-compose" or "nerdctl" or "machinectl" or "systemd-run" => true,
                "podman" => words.Contains("--remote"),
                "systemctl" => words.Contains("start") || words.Contains("restart"),
                _ => false,
            };
            if (elsewhere)
            {
                return string.Join(' ', words.Take(2));
            }
        }

        return null;
    }
}
