using VpnConfinement.Change;
using VpnConfinement.Compile;
using VpnConfinement.State;

namespace VpnConfinement.Core.Tests.Change;

/// <summary>A step as a line of a golden file.</summary>
internal static class StepText
{
    internal static string Of(ChangeStep step) => (step.IsUndone ? "undone " : "       ") + Words(step);

    private static string Words(ChangeStep step) => step switch
    {
        ChangeStep.RenewTables s => $"renew the tables of {List(s.Namespaces)}",
        ChangeStep.PauseWatchers s => $"pause {List(s.Units)}",
        ChangeStep.Record s => $"record {Manifest(s.Manifest)}",
        ChangeStep.WriteKeys s => $"write keys {List(s.Keys.Select(k => k.Path))}",
        ChangeStep.WriteFiles s => $"write {List(s.Files.Select(f => f.Path))}",
        ChangeStep.Reload => "reload",
        ChangeStep.CheckLoaded s => $"check what is loaded of {List(Units(s.Tree))}",
        ChangeStep.Tell s => $"tell: {s.Text}",
        ChangeStep.Adjust s => $"adjust {List(s.Living.Select(l => l.Namespace))}",
        ChangeStep.RepairInPlace s => $"repair {List(s.Repairs.Select(r => r.Namespace))}",
        ChangeStep.StopUnits s => $"stop units {List(s.Units)}",
        ChangeStep.CutOffFrozen s => $"cut off those that are frozen of {List(s.Services)} by {List(s.Tunnels)}",
        ChangeStep.StopServices s => $"stop services {List(s.Units)} (returning: {List(s.Returning)})",
        ChangeStep.TakeDown s => $"take down {s.Namespace}",
        ChangeStep.CheckEmptied s => $"check that nothing is left of {List(s.Units)}",
        ChangeStep.CleanStores s => $"clean the stores of {List(s.Units)}",
        ChangeStep.EnsureRoutes s => $"ensure the routes of {List(s.Tree.Plans.Select(p => p.Namespace))}",
        ChangeStep.Delete s => $"delete {List(s.Paths)}",
        ChangeStep.ForgetFailures s => $"forget failures of {List(s.Gates)}; if failed: {List(s.Pinnings)}",
        ChangeStep.SettleFailures => "settle failures",
        ChangeStep.Commit s => $"commit generation {s.Generation}",
        ChangeStep.Start s => $"start {List(s.Units)} or \"{s.Failure}\"",
        ChangeStep.RequireStarted => "require that all have started",
        ChangeStep.RecordStarted s => $"record {Manifest(s.Manifest)}, and what is down of {List(s.Units)}",
        ChangeStep.Watch s => $"start watchers {List(s.Units)}",
        _ => throw new InvalidOperationException("a step of an unknown kind"),
    };

    private static string Manifest(Manifest manifest)
    {
        var changing = manifest.Files.Where(f => f.Sha256.Length == 0).Select(f => f.Path).ToList();
        return $"generation {manifest.Generation}, {manifest.Files.Count} files"
            + (changing.Count > 0 ? $", changing {List(changing)}" : "")
            + (manifest.Starting.Count > 0 ? $", starting {List(manifest.Starting)}" : "");
    }

    private static IEnumerable<string> Units(CompiledTree tree) =>
        tree.Namespaces.SelectMany(n => n.Units.Select(u => u.Name).Concat(n.Published));

    private static string List(IEnumerable<string> words) => string.Join(' ', words) is { Length: > 0 } all ? all : "-";
}
