using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.State;

namespace VpnConfinement.Validation;

/// <summary>VPC003, VPC005, VPC080 to VPC082 and VPC108: which services are confined, and to what.</summary>
/// <param name="config">What was written.</param>
/// <param name="facts">What the host says.</param>
/// <param name="findings">Takes what is wrong.</param>
internal sealed class ServiceRules(ConfigFile config, HostFacts facts, DiagnosticBag findings)
{
    private readonly NamedUnits _units = new(config, findings);
    private readonly HostUnits _host = new(config, facts);

    /// <summary>The services by the namespace that they name, in ordinal order of their names.</summary>
    /// <param name="config">What was written.</param>
    /// <param name="facts">What the host says.</param>
    /// <param name="findings">Takes what is wrong.</param>
    internal static ILookup<string, ConfinedService> Check(ConfigFile config, HostFacts facts, DiagnosticBag findings) =>
        new ServiceRules(config, facts, findings).All();

    /// <summary>The units that the configuration confines, services before sockets, as written with their suffix.</summary>
    internal static IEnumerable<string> NamesToLookUp(ConfigFile config) =>
        config.Services.Concat<UnitConfig>(config.Sockets).Where(u => u.Enable).Select(u => u.Unit?.ToString()).OfType<string>();

    private ILookup<string, ConfinedService> All() =>
        _units.Check(config.Services, ("VPC080", "VPC081", "VPC082"), Service);

    private ConfinedService? Service(ServiceConfig written, UnitName unit, NamespaceConfig? ns)
    {
        if (InstalledUnit.Look(written, unit, ns, config, facts, findings) is not { } installed)
        {
            ServiceOptionRules.Check(new ServiceUnit(written, unit, unit.ToString(), UnitSettings.Read([]), ns, findings), facts);
            return null;
        }

        _units.Claim(installed.RealName, written);
        var settings = installed.Settings ?? UnitSettings.Read([]);
        var service = new ServiceUnit(written, unit, installed.RealName, settings, ns, findings);
        ServiceOptionRules.Check(service, facts);
        var masks = MaskRules.Choose(service, _host.Mounts, facts);
        var ownSharedMemory = MaskRules.HidesSharedMemory(service);
        if (installed.Settings is not null)
        {
            ServiceUnitRules.Check(service, _host, facts);
            NetworkFileRules.Check(service, _host.Mounts);
            string[] shared = ownSharedMemory ? [HostPath.SharedMemory] : [];
            ReachableSocketRules.Check(service, _host, facts, masks.Select(m => m.Path).Concat(shared));
        }

        return new ConfinedService
        {
            Unit = unit,
            Hardening = service.Hardening,
            ExtraAddressFamilies = [.. written.ExtraAddressFamilies.Select(f => f.Value)],
            RunPaths = [.. written.RunPaths.Select(p => p.Value).Concat(RunFolderRules.OfTmpfiles(service, facts)).Distinct()],
            WritePaths = [.. written.WritePaths.Select(p => p.Value).Distinct().Order(StringComparer.Ordinal)],
            MadeRunFolders = RunFolderRules.Made(service),
            AllowJit = written.AllowJit,
            RestrictBind = written.RestrictBind?.Value ?? false,
            Capabilities = [.. written.Capabilities.Select(c => c.Value).Distinct().Order(StringComparer.Ordinal)],
            Allow = written.Allow.Select(a => a.Value).ToHashSet(),
            OnTunnelLoss = written.OnTunnelLoss,
            HasOwnUser = installed.Settings is not null && ServiceUnitRules.HasOwnUser(service, facts.Users),
            UserMapping = installed.Settings is null ? UserMapping.Host : UserSeparation.Of(service, _host, facts),
            OwnSettings = OwnSettings(settings),
            IsInstalled = installed.Settings is not null,
            SystemCallErrorNumber = settings.Last("Service", "SystemCallErrorNumber"),
            AmbientCapabilities = settings.All("Service", "AmbientCapabilities") is { Count: > 0 } ambient ? [.. CapabilityNames.Set(ambient).Order(StringComparer.Ordinal)] : [],
            RuntimeDirectories = [.. settings.Words("Service", "RuntimeDirectory").Select(d => d.Split(':')[0]).Distinct()],
            PidFile = PidFile(settings),
            Masks = masks,
            HasOwnSharedMemory = ownSharedMemory,
        };
    }

    // An empty bounding set is a setting too, and the strongest.
    private static IReadOnlySet<string> OwnSettings(UnitSettings settings) =>
        settings.Mentions("Service", "CapabilityBoundingSet")
            ? settings.Set("Service").Append("CapabilityBoundingSet").ToHashSet(StringComparer.Ordinal)
            : settings.Set("Service");

    /// <summary>The unit's PIDFile= as a path below /run; null where it has none there.</summary>
    internal static string? PidFile(UnitSettings settings)
    {
        if (settings.Last("Service", "PIDFile") is not { } written)
        {
            return null;
        }

        var path = RunBindRules.Plain(written.StartsWith('/') || written.StartsWith("%t", StringComparison.Ordinal) ? written : "/run/" + written);
        path = HostPath.IsBelow(path, "/var/run") ? path["/var".Length..] : path;
        return HostPath.IsBelow(path, "/run") ? path["/run/".Length..] : null;
    }
}
