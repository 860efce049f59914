using System.Security.Cryptography;
using System.Text;
using VpnConfinement.Compile;
using VpnConfinement.Compile.Systemd;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Apply;

/// <summary>
/// Brings the host to what a configuration compiles to. The order keeps every service confined by the old or the new configuration, or
/// stopped: new files, reload, check what systemd loaded, stop what changed, delete what no longer belongs, reload, start what had been running.
/// </summary>
/// <param name="systemctl">The running systemd.</param>
/// <param name="say">Takes a line for the user about each step.</param>
public sealed class Applier(Systemctl systemctl, Action<string> say)
{
    /// <summary>What has to be done.</summary>
    /// <exception cref="SystemFailure">A file that is not ours lies where one of ours has to go.</exception>
    public ApplyPlan Prepare(Manifest applied, CompiledTree tree)
    {
        var ours = applied.Files.Select(f => f.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var file in tree.Files.Where(f => !ours.Contains(f.Path) && f.Path.StartsWith(StateLayout.UnitFolder, StringComparison.Ordinal) && File.Exists(f.Path)))
        {
            if (!OwnFiles.IsOurs(file.Path))
            {
                throw new SystemFailure($"{file.Path} exists and was not made by vpn-confinement", "rename that unit, or give the WireGuard interface another name");
            }
        }

        var changedKeys = tree.Keys.Where(k => !HoldsKey(k)).Select(k => k.Path).ToHashSet(StringComparer.Ordinal);
        return ApplyPlan.Make(applied, tree, OwnFiles.Hash, changedKeys, RuntimeDamage.Of(applied.Namespaces), Misplaced(applied));
    }

    /// <summary>Makes sure that systemd has every service's confinement as it was written, when there is nothing else to do.</summary>
    /// <exception cref="SystemFailure">It has not: the service would start unconfined.</exception>
    public void Verify(CompiledTree tree) => CheckLoaded(tree.Plans);

    /// <summary>Does it.</summary>
    /// <exception cref="SystemFailure">The system refused something. Files are as they were, or every changed service is stopped.</exception>
    public void Run(Manifest applied, CompiledTree tree, ApplyPlan plan)
    {
        var wanted = Manifest.Of(tree);
        var services = plan.Restarts.Concat(plan.Unconfined).Concat(plan.Stops.SelectMany(n => n.Services)).Distinct().ToList();
        var up = services.SelectMany(systemctl.UpUnits)
            .Concat(applied.Starting)
            .Concat(plan.Stops.SelectMany(n => ReturningServices.Recorded(n.Name))).Distinct().Order(StringComparer.Ordinal).ToList();
        WriteFiles(applied.ChangingTo(wanted, up), tree, plan);
        Stop(up, plan);
        CheckEmptied(up);
        DeleteFiles(plan);
        var confined = wanted.Namespaces.SelectMany(n => n.Services).ToHashSet(StringComparer.Ordinal);
        var starting = up.Where(u => confined.Contains(u) || confined.Contains(UnitName.TemplateOf(u))).ToList();
        ManifestStore.Save(wanted with { Starting = starting });
        Start(starting);
        ManifestStore.Save(wanted);
        foreach (var service in plan.Unconfined)
        {
            say($"{service}: no longer confined, and stopped");
        }
    }

    // Running on the host's network although they were applied: started under a drop-in that undid ours, for one.
    private HashSet<string> Misplaced(Manifest applied) =>
        applied.Namespaces.SelectMany(n => n.Services).SelectMany(systemctl.UpUnits).Where(u => ProcessesOf(u).Any(ProcessNetns.IsOurs)).ToHashSet(StringComparer.Ordinal);

    private IReadOnlyList<int> ProcessesOf(string unit) => ControlGroup.Processes(systemctl.Show(unit, "ControlGroup").GetValueOrDefault("ControlGroup") ?? "");

    private void WriteFiles(Manifest changing, CompiledTree tree, ApplyPlan plan)
    {
        var changes = new FileChanges();
        try
        {
            changes.Write(StateLayout.Manifest, Encoding.UTF8.GetBytes(ManifestJson.Write(changing)), AtomicFile.PublicMode);
            WriteKeys(changes, tree.Keys);
            foreach (var file in plan.Writes)
            {
                changes.Write(file.Path, Encoding.UTF8.GetBytes(file.Content), AtomicFile.PublicMode);
            }

            systemctl.DaemonReload();
            CheckLoaded(tree.Plans);
        }
        catch (Exception e)
        {
            var left = changes.Undo();
            systemctl.DaemonReload();
            if (left.Count > 0)
            {
                throw new SystemFailure($"{e.Message}; and these files could not be put back: {string.Join(", ", left)}", "free the disk or make it writable, then run 'vpn-confinement apply' again", e);
            }

            throw;
        }

        if (plan.Writes.Count > 0)
        {
            say($"wrote {plan.Writes.Count} {(plan.Writes.Count == 1 ? "file" : "files")}, systemd reloaded");
        }
    }

    private static void WriteKeys(FileChanges changes, IReadOnlyList<KeySource.Copied> keys)
    {
        if (keys.Count > 0)
        {
            Directory.CreateDirectory(StateLayout.StateFolder);
            Directory.CreateDirectory(StateLayout.SecretFolder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }

        foreach (var key in keys.Where(k => !HoldsKey(k)))
        {
            var text = KeyText(key);
            changes.Write(key.Path, text, AtomicFile.SecretMode);
            CryptographicOperations.ZeroMemory(text);
        }
    }

    private static bool HoldsKey(KeySource.Copied key)
    {
        if (!File.Exists(key.Path) || File.GetUnixFileMode(key.Path) != AtomicFile.SecretMode)
        {
            return false;
        }

        var text = KeyText(key);
        var onDisk = File.ReadAllBytes(key.Path);
        var same = CryptographicOperations.FixedTimeEquals(text, onDisk);
        CryptographicOperations.ZeroMemory(text);
        CryptographicOperations.ZeroMemory(onDisk);
        return same;
    }

    private static byte[] KeyText(KeySource.Copied key)
    {
        var key64 = new byte[45];
        System.Buffers.Text.Base64.EncodeToUtf8(key.Key.Reveal(), key64, out _, out _);
        key64[^1] = (byte)'\n';
        return key64;
    }

    // systemd accepts a mistyped key and starts the service unconfined: what it has loaded is what counts, not what was written.
    private void CheckLoaded(IReadOnlyList<NamespacePlan> plans)
    {
        var files = new UnitFiles("/", ServiceDropIn.FileName);
        foreach (var (plan, service) in plans.SelectMany(p => p.Services.SelectMany(s => UnitName.IsTemplateName(s) ? files.InstancesWithFiles(s) : [s]).Select(s => (p, s))))
        {
            var loaded = systemctl.Show(service, "LoadState", "NetworkNamespacePath", "BindsTo", "Requires", "TemporaryFileSystem");
            if (loaded.GetValueOrDefault("LoadState") is not "loaded")
            {
                continue;
            }

            Require(service, loaded, "NetworkNamespacePath", StateLayout.Netns(plan.Namespace));
            if (HasPrivateRun(service))
            {
                Require(service, loaded, "TemporaryFileSystem", ServiceDropIn.PrivateRunMount);
            }

            foreach (var unit in new[] { StateLayout.NetnsUnit(plan.Namespace), StateLayout.WireGuardUnit(plan.WireGuard.Interface) })
            {
                Require(service, loaded, "BindsTo", unit);
                Require(service, loaded, "Requires", unit);
            }
        }
    }

    // dns.mode compat leaves /run alone, and a PIDFile= there needs a folder instead. An instance has its template's drop-in.
    private static bool HasPrivateRun(string service) =>
        new[] { service, UnitName.TemplateOf(service) }.Select(u => $"{StateLayout.UnitFolder}/{u}.d/{ServiceDropIn.FileName}").Where(File.Exists)
            .Any(p => File.ReadLines(p).Contains($"TemporaryFileSystem={ServiceDropIn.PrivateRunMount}"));

    private static void Require(string service, IReadOnlyDictionary<string, string> loaded, string property, string value)
    {
        var found = loaded.GetValueOrDefault(property) ?? "";
        if (!found.Split(' ').Contains(value))
        {
            throw new SystemFailure(
                $"systemd did not take the confinement of {service}: {property} is '{found}' and lacks '{value}'",
                $"look for a drop-in that sorts after ours with 'systemctl cat {service}' and take its {property} out");
        }
    }

    private void Stop(List<string> up, ApplyPlan plan)
    {
        var running = up.Where(systemctl.IsUp).ToList();
        if (running.Count > 0)
        {
            say($"stopping {string.Join(", ", running)}");
            systemctl.Stop(running);
        }

        systemctl.Stop([.. plan.Stops.SelectMany(n => new[] { StateLayout.WireGuardUnit(n.Interface), StateLayout.NetnsUnit(n.Name) }).Where(systemctl.IsKnown)]);
        foreach (var ns in plan.Stops)
        {
            // Where a unit could not clean up behind itself. What is somebody else's stays.
            var state = Netns.Observe(ns.Name);
            (state as NetnsState.Ours)?.Handle.Dispose();
            if (state is NetnsState.Foreign)
            {
                continue;
            }

            RuntimeCalls.WireGuardDown(ns.Name, static _ => { });
            RuntimeCalls.NetnsDown(ns.Name, static _ => { });
        }
    }

    // A process that survives the stop (KillMode=process) and is in the host's network stays there: the service may not start beside it.
    private void CheckEmptied(List<string> up)
    {
        foreach (var service in up)
        {
            var left = ProcessesOf(service).Where(ProcessNetns.IsOurs).ToList();
            if (left.Count > 0)
            {
                throw new SystemFailure(
                    $"processes of {service} from before its confinement are still running on the host's network (PIDs {string.Join(", ", left)}); it was left stopped",
                    "end those processes, set KillMode=control-group in its unit, then run 'vpn-confinement apply' and start it");
            }
        }
    }

    private void DeleteFiles(ApplyPlan plan)
    {
        foreach (var path in plan.Deletes.Concat(plan.KeyDeletes))
        {
            OwnFiles.Delete(path);
        }

        if (plan.Deletes.Count > 0)
        {
            systemctl.DaemonReload();
            say($"deleted {plan.Deletes.Count} {(plan.Deletes.Count == 1 ? "file" : "files")}");
        }
    }

    private void Start(List<string> services)
    {
        if (services.Count == 0)
        {
            return;
        }

        say($"starting {string.Join(", ", services)}");
        systemctl.Start(services);
        var down = services.Where(s => !systemctl.IsUp(s)).ToList();
        if (down.Count > 0)
        {
            throw new SystemFailure($"confined, and did not start again: {string.Join(", ", down)}", $"see 'systemctl status {down[0]}'");
        }
    }
}
