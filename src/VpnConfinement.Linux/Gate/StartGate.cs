using VpnConfinement.Compile.Systemd;
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
        var name = manifest.Namespaces.Where(n => n.Name == ns).SelectMany(n => n.Units).Select(u => u.Name)
                .Where(u => u == unit || u == UnitName.TemplateOf(unit)).OrderBy(u => u == unit ? 0 : 1).FirstOrDefault()
            ?? throw new SystemFailure($"{unit} may not start: it was not applied as confined in {ns}", Remedy);
        CheckFiles(manifest, ns, name, unit);
        CheckNamespace(manifest, ns, unit, CheckLoaded(name, unit));
    }

    private static void CheckFiles(Manifest manifest, string ns, string name, string unit)
    {
        var dropIn = ServiceDropIn.PathOf(name);
        var files = manifest.Files.Where(f => f.Path == dropIn || f.Path.StartsWith(StateLayout.NamespaceFolder(ns) + "/", StringComparison.Ordinal)).ToList();
        foreach (var path in (string[])[dropIn, StateLayout.Plan(ns), StateLayout.Ruleset(ns)])
        {
            if (files.All(f => f.Path != path))
            {
                throw new SystemFailure($"{unit} may not start: the manifest does not have {path}", Remedy);
            }
        }

        foreach (var file in files)
        {
            if (file.Sha256.Length == 0)
            {
                throw new SystemFailure($"{unit} may not start: a change of {file.Path} is under way, or was cut short", Remedy);
            }

            if (OwnFiles.Hash(file.Path) != file.Sha256)
            {
                throw new SystemFailure($"{unit} may not start: {file.Path} is missing or was changed since it was applied", Remedy);
            }
        }
    }

    // Gives the unit's control group.
    private static string CheckLoaded(string name, string unit)
    {
        var loaded = Systemctl.OfUnits().Show(unit, ["ControlGroup", .. LoadedAttachment.Properties]);
        var path = ServiceDropIn.PathOf(name);
        var dropIn = UnitSettings.Read([new SourceText(path, StateFile.Read(path) ?? "")]);
        if (LoadedAttachment.Difference(unit, dropIn, loaded) is { } difference)
        {
            throw LoadedUnits.NotTaken(unit, difference);
        }

        return loaded["ControlGroup"];
    }

    private static void CheckNamespace(Manifest manifest, string ns, string unit, string group)
    {
        using var netns = Netns.Open(ns);
        // They would share the control group, the user and the files of a service that counts as confined (KillMode=process).
        var place = NetnsIdentity.Of(netns);
        var left = ControlGroup.Processes(group).Where(pid => ProcessNetns.Of(pid, out var ended) != place && !ended).ToList();
        if (left.Count > 0)
        {
            // Linux kills what is cloned into a control group that was killed as a whole, and systemd 262 keeps that group
            // until it reads its files again (docs/known-issues.md).
            throw new SystemFailure(
                $"{unit} may not start: processes of it are still running on the host's network, or on another "
                + $"(PIDs {string.Join(", ", left)})",
                $"end them with 'systemctl kill --signal=KILL {unit}', run 'systemctl daemon-reload', then start it again");
        }

        var source = manifest.Files.Single(f => f.Path == StateLayout.Ruleset(ns)).Sha256;
        if (OwnTables.Inside(ns, source).DriftIn(netns) is { } drift)
        {
            throw new SystemFailure(
                $"{unit} may not start: the ruleset of {ns} is not the one that was applied: {drift.Detail}",
                "run 'vpn-confinement apply', which repairs it, then start it again");
        }
    }
}
