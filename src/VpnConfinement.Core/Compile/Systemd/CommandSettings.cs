using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Compile.Systemd;

/// <summary>
/// What confines a command of <c>exec</c>, in the form of a drop-in: attachment (S-1), resolver (S-4) and isolation
/// (S-3, S-33, S-37) as services have them. <c>exec</c> gives it to a transient unit; the start gate compares what
/// systemd has loaded with it.
/// </summary>
internal static class CommandSettings
{
    // A command is there to work in its user's folders, and its caller's mask of modes holds.
    private static readonly string[] NotHardened = ["ProtectHome", "ProtectSystem", "UMask"];

    // What stands behind the last dash of the unit's name (systemd.unit(5)).
    private const string IdOfUnit = "%j";

    internal static GeneratedFile Compile(string binary, ConfinedNamespace ns)
    {
        var name = ns.Name.ToString();
        var pattern = StateLayout.CommandUnit(name, "ID");
        var command = AsService(ns, pattern);
        var unit = new UnitFileWriter(OwnHeader.Text + GeneratedUnits.HeaderNote);
        Attachment.AddCommand(unit, ns);
        unit.Section("Service");
        unit.Add("NetworkNamespacePath", StateLayout.Netns(name));
        ServiceDropIn.Resolver(unit, ns, command, notifies: false);
        unit.Add("BindReadOnlyPaths", StateLayout.CommandSocket(IdOfUnit));
        Masks.Add(unit, command);
        StartGate.AddNeeds(unit, binary, ns, command);
        Hardening.Add(unit, ns.IPv6, command);

        // Of another process of the same user: what it holds open leads to the host's network.
        unit.Add("SystemCallFilter", "~@debug:EPERM pidfd_getfd:EPERM");
        unit.Add("IgnoreSIGPIPE", "no");

        // What a command told systemd would count: that it needs more time to stop, above all (sd_notify(3)).
        unit.Add("NotifyAccess", "none");

        // An interactive shell passes SIGTERM over.
        unit.Add("SendSIGHUP", "yes");
        unit.Add("TimeoutStopSec", "5s");
        StartGate.AddCommand(unit, binary, ns, GateWords.TellsCaller + StateLayout.CommandSocket(IdOfUnit));

        // No service of the namespace is concerned by a change of it, so it counts as that of a unit of its own.
        return new GeneratedFile(StateLayout.CommandSettings(name), unit.ToString(), name, pattern);
    }

    private static ConfinedService AsService(ConfinedNamespace ns, string name) => new()
    {
        Unit = UnitName.TryParseService(name, out var unit)
            ? unit
            : throw new InvalidOperationException($"{name} is no name of a unit"),
        Hardening = HardeningProfile.Baseline,
        ExtraAddressFamilies = [],
        RunPaths = [],
        WritePaths = [],
        MadeRunFolders = [],
        AllowJit = true,
        RestrictBind = false,
        Capabilities = [],
        Allow = new HashSet<IsolationOptOut>(),
        OnTunnelLoss = OnTunnelLoss.Stop,
        HasOwnUser = true,
        UserMapping = UserMapping.Self,
        OwnSettings = NotHardened.ToHashSet(StringComparer.Ordinal),
        IsInstalled = true,
        SystemCallErrorNumber = null,
        AmbientCapabilities = [],
        RuntimeDirectories = [],
        PidFile = null,
        Masks = ns.CommandMasks,
        HasOwnSharedMemory = true,
    };
}
