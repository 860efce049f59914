using VpnConfinement.Compile.Systemd;
using VpnConfinement.Drift;
using VpnConfinement.Linux.Apply;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Parts;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Linux.Gate;

/// <summary>
/// Looks from outside, before each start of a confined unit (S-27): what was applied is whole, systemd has loaded it, the namespace is ours and
/// under its ruleset, and nothing of the unit is left on the host's network. What cannot be told refuses like what is wrong.
/// </summary>
public static class StartGate
{
    private const string Remedy = "run 'vpn-confinement apply', then start it again";

    /// <summary>Checks.</summary>
    /// <param name="ns">Name of the namespace.</param>
    /// <param name="unit">Full name of the unit that is about to start.</param>
    /// <exception cref="SystemFailure">The unit may not start.</exception>
    public static void Check(string ns, string unit)
    {
        try
        {
            Look(ns, unit);
        }
        catch (SystemFailure e)
        {
            // Of a refused start systemd says only that a dependency failed.
            new Journal(ns, null).Write(Journal.Error, "refused", e.Message, unit, from: StateLayout.GateUnit(ns, unit));
            throw;
        }
    }

    private static void Look(string ns, string unit)
    {
        var manifest = ManifestStore.Load();
        if (StateLayout.IsCommandUnit(ns, unit) && manifest.Namespaces.Any(n => n.Name == ns))
        {
            CheckParts(manifest, ns, StateLayout.CommandSettings(ns), unit);
            return;
        }

        var name = manifest.Namespaces.Where(n => n.Name == ns).SelectMany(n => n.Units).Select(u => u.Name)
                .Where(u => u == unit || u == UnitName.TemplateOf(unit)).OrderBy(u => u == unit ? 0 : 1).FirstOrDefault()
            ?? throw new SystemFailure($"{unit} may not start: it was not applied as confined in {ns}", Remedy);
        CheckParts(manifest, ns, ServiceDropIn.PathOf(name), unit);
    }

    private static void CheckParts(Manifest manifest, string ns, string dropIn, string unit)
    {
        var files = manifest.Files
            .Where(f => f.Path == dropIn
                || f.Path.StartsWith(StateLayout.NamespaceFolder(ns) + "/", StringComparison.Ordinal)).ToList();
        foreach (var path in (string[])[dropIn, StateLayout.Plan(ns), StateLayout.Ruleset(ns)])
        {
            if (files.All(f => f.Path != path))
            {
                throw new SystemFailure($"{unit} may not start: the manifest does not have {path}", Remedy);
            }
        }

        Refuse(unit, PartList.Compare(new HostState
        {
            IsUnderWay = files.Exists(f => f.Sha256.Length == 0),
            Files = FileState.Of(files, OwnFiles.Look),
        }));
        var loaded = Systemctl.OfUnits().Show(unit, ["ControlGroup", .. PartList.UnitProperties]);
        Refuse(unit, PartList.Compare(new HostState
        {
            Units =
            [
                new LoadedUnit
                {
                    Name = unit,
                    Namespace = ns,
                    DropIn = UnitSettings.Read([new SourceText(dropIn, StateFile.Read(dropIn) ?? "")]),
                    Loaded = loaded,
                },
            ],
        }));
        using var netns = Netns.Open(ns);
        CheckProcesses(unit, ProcessLook.At(unit, loaded["ControlGroup"], NetnsIdentity.Of(netns)));
        Refuse(unit, NamespaceLook.FindRuleset(ns, netns));
    }

    private static void Refuse(string unit, IReadOnlyList<DriftEntry> drift)
    {
        if (drift is [var entry, ..])
        {
            throw new SystemFailure($"{unit} may not start: {entry.Text}", $"{entry.Remedy}, then start it again");
        }
    }

    // They would share control group, user and files with a service that counts as confined (KillMode=process).
    private static void CheckProcesses(string unit, UnitProcesses processes)
    {
        if (PartList.Compare(new HostState { Processes = [processes] }) is { Count: > 0 } left)
        {
            // Linux kills what is cloned into a control group that was killed as a whole, and systemd 262 keeps that group
            // until it reads its files again (docs/known-issues.md).
            throw new SystemFailure(
                $"{unit} may not start: processes of it are still running on the host's network, or on another "
                + $"({string.Join("; ", left.Select(entry => entry.Text))})",
                $"end them with 'systemctl kill --signal=KILL {unit}', run 'systemctl daemon-reload', then start it again");
        }
    }
}
