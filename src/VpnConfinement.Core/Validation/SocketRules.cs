using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC003, VPC005, VPC090 to VPC097 and VPC108: which sockets listen in a namespace, and whether their services are there with them.</summary>
/// <param name="config">What was written.</param>
/// <param name="facts">What the host says.</param>
/// <param name="findings">Takes what is wrong.</param>
internal sealed class SocketRules(ConfigFile config, HostFacts facts, DiagnosticBag findings)
{
    private readonly NamedUnits _units = new(config, findings);

    /// <summary>The sockets by the namespace that they name, in ordinal order of their names.</summary>
    /// <param name="config">What was written.</param>
    /// <param name="facts">What the host says.</param>
    /// <param name="findings">Takes what is wrong.</param>
    internal static ILookup<string, ConfinedSocket> Check(ConfigFile config, HostFacts facts, DiagnosticBag findings) =>
        new SocketRules(config, facts, findings).All();

    private ILookup<string, ConfinedSocket> All() =>
        _units.Check(config.Sockets, ("VPC090", "VPC091", "VPC092"), Socket);

    private ConfinedSocket? Socket(SocketConfig socket, UnitName unit, NamespaceConfig? ns)
    {
        if (InstalledUnit.Look(socket, unit, ns, config, facts, findings) is not { } installed)
        {
            return null;
        }

        _units.Claim(installed.RealName, socket);
        var settings = installed.Settings ?? UnitSettings.Read([]);
        CheckAttachment(socket, unit, settings);
        new SocketUnitRules(socket, unit, settings, ProfileRules.Of(ns), findings).Check();
        return Service(socket, installed.RealName, settings) is { } service && IsConfined(socket, unit, service, installed.Settings is not null, ns)
            ? new ConfinedSocket(unit, service)
            : null;
    }

    private void CheckAttachment(SocketConfig socket, UnitName unit, UnitSettings settings)
    {
        if (settings.Last("Socket", "NetworkNamespacePath") is { } path)
        {
            Error("VPC097", socket, $"{unit} sets NetworkNamespacePath={Visible.Text(path)} itself.", $"Write NetworkNamespacePath= with nothing after it under [Socket] with 'systemctl edit {unit}'; the namespace is attached here.");
        }

        if (settings.UnitList("Unit", "JoinsNamespaceOf").LastOrDefault() is { } joined)
        {
            Error("VPC097", socket, $"{unit} sets JoinsNamespaceOf={Visible.Text(joined)} itself.", $"Take the line out with 'systemctl edit --full {unit}' (a drop-in cannot clear it); the namespace is attached here.");
        }

        if (settings.IsOn("Socket", "PrivateNetwork"))
        {
            Error("VPC097", socket, $"{unit} sets PrivateNetwork itself.", $"Write PrivateNetwork=no under [Socket] with 'systemctl edit {unit}'; the namespace is attached here.");
        }
    }

    private UnitName? Service(SocketConfig socket, string realName, UnitSettings settings)
    {
        var written = settings.Last("Socket", "Service");
        if (written is not null && !written.EndsWith(".service", StringComparison.Ordinal))
        {
            Error("VPC093", socket, $"{realName} starts {Visible.Text(written)}, which is no service.", "Name a .service in its Service=.");
            return null;
        }

        if (SocketUnits.Starts(realName, settings, facts.Aliases) is not { } name || !UnitName.TryParseService(name, out var service))
        {
            Error("VPC093", socket, $"Which service {realName} starts cannot be told from Service={Visible.Text(written ?? "")}.", "Write the service's name there without specifiers other than %i, %p, %n and %N.");
            return null;
        }

        return service;
    }

    private bool IsConfined(SocketConfig socket, UnitName unit, UnitName service, bool installed, NamespaceConfig? ns)
    {
        if (installed && !IsInstalled(service.ToString()))
        {
            Error("VPC094", socket, $"{unit} starts {service}, and there is no such unit, or it is masked.", $"Install or unmask {service}, or correct Service= of {unit}.");
            return false;
        }

        if (ServiceConfigOf(service) is not { } confined)
        {
            Error("VPC095", socket, $"{unit} starts {service}, which is not confined: it would work on the host with sockets of the namespace.", $"Confine it too: [services.\"{service.ToString()[..^".service".Length]}\".vpn] in the same namespace.");
            return false;
        }

        var other = (confined.Namespace ?? config.DefaultNamespace)?.Value;
        if (ns is not null && other is not null && other != ns.Name.Value)
        {
            Error("VPC096", socket, $"{unit} listens in the namespace {ns.Name.Value}, and {service} is in {Visible.Text(other)}.", "Put both in one namespace.");
            return false;
        }

        return true;
    }

    private bool IsInstalled(string service) =>
        facts.Installed.Contains(service) || facts.Installed.Contains(UnitName.TemplateOf(service));

    // A service is confined by its own name, or by its template's.
    private ServiceConfig? ServiceConfigOf(UnitName service) => config.Services.FirstOrDefault(s =>
        s.Enable && s.Unit is { } unit && facts.Aliases.RealName(unit.ToString()) is var name
        && (name == service.ToString() || name == UnitName.TemplateOf(service.ToString())));

    private void Error(string code, SocketConfig socket, string message, string remedy) => findings.Error(code, socket.Path, socket.Name.Span, message, remedy);
}
