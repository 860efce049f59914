using System.Text;
using VpnConfinement.Linux.Apply;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.Text;

namespace VpnConfinement.Cli.Output;

/// <summary>What <c>apply</c> would do, for a person.</summary>
internal static class PlanText
{
    private const string Red = "31;1";
    private const string Green = "32";
    private const string Yellow = "33;1";

    internal static string Write(Forecast forecast)
    {
        var plan = forecast.Plan;
        var text = new StringBuilder();
        Section(text, Paint("LOSE THEIR CONFINEMENT (stopped; 'apply' asks, or needs --allow-unconfine):", Red), plan.Unconfined.Select(u => Paint(u, Red) + State(forecast, u, "runs now", "is down")));
        Section(text, Paint("not as it was applied:", Yellow), forecast.Drift.Select(d => d.Text));
        Section(text, "files:", [.. plan.FileWrites.SelectMany(w => FileLines(w, forecast)), .. plan.Deletes.Concat(plan.LeftOvers).Select(p => $"{Paint("-", Red)} {p}")]);
        Section(text, "keys:", [.. forecast.NewPrivateKeys.Select(k => $"private key {k} is made"), .. plan.KeyWrites.Select(Key), .. plan.KeyDeletes.Select(k => $"key {k} is deleted")]);
        Section(text, "tunnels:", plan.NamespaceStops.SelectMany(Tunnel));
        Section(text, "changed on the living tunnel, without a restart:", plan.Adjustments.SelectMany(a => (string[])[a.Namespace + Connections(a.Ruleset), .. a.Reasons.Select(Because)]));
        Section(text, "repaired in place, without a restart:", plan.Repairs.SelectMany(r => (string[])[r.Namespace, .. r.Reasons.Select(Because)]));
        Section(text, "becoming confined:", plan.NewlyConfined);
        Section(
            text, "restarts:",
            plan.UnitRestarts.SelectMany(
                r => (string[])[r.Unit + Restart(forecast, r.Unit), .. r.Reasons.Select(Because)]));
        Section(text, "starts, left over from a change that was cut short:", plan.StillToStart);
        Section(text, "published ports:", [.. plan.PublishStops.Select(p => $"{p} stops"), .. plan.PublishStarts.Select(p => $"{p} starts")]);
        Section(text, "watchers:", plan.Unwatched.Select(n => $"{StateLayout.WatchUnit(n)} starts"));
        if (forecast.IsEmpty)
        {
            text.Append(forecast.Drift.Count == 0 ? "nothing to do: the system is as the configuration says\n" : "nothing to write; 'vpn-confinement apply' has systemd read its files again, and says what is left\n");
        }

        return text.ToString();
    }

    // One that an earlier change left to start is in a section of its own, and does not stay down.
    private static string Restart(Forecast forecast, string unit) => State(
        forecast, unit, "runs now",
        forecast.Plan.StillToStart.Contains(unit) ? "is down, and starts" : "is down, and stays down");

    private static string Connections(RulesetChange ruleset) =>
        ruleset.EndsEverything ? "  (its connections end, and are to be made anew)" : ruleset.ClosesAnything ? "  (connections that are no longer allowed end)" : "";

    private static void Section(StringBuilder text, string title, IEnumerable<string> lines)
    {
        var first = true;
        foreach (var line in lines)
        {
            text.Append(first ? title + "\n" : "").Append("  ").Append(line).Append('\n');
            first = false;
        }
    }

    private static IEnumerable<string> FileLines(PlannedWrite write, Forecast forecast)
    {
        var what = write.Change switch
        {
            FileChange.New => "",
            FileChange.Changed => "",
            FileChange.Edited => "  (changed on disk since it was applied)",
            FileChange.Missing => "  (missing)",
            FileChange.CutShort => "  (an earlier change of it was cut short)",
            FileChange.Unrecorded => "  (there, and not known as applied)",
            _ => throw new InvalidOperationException("a file change of an unknown kind"),
        };
        var there = write.Change is not (FileChange.New or FileChange.Missing);
        return
        [
            $"{(there ? Paint("~", Yellow) : Paint("+", Green))} {write.File.Path}{(write.File.LinkTo is { } target ? $" -> {target}" : "")}{what}",
            .. Difference(write.File.Path, forecast).Select(l => "    " + Line(l)),
        ];
    }

    // A ruleset in words where that can be; of a plan's long values, which are texts that the kernel is given, the name.
    private static IEnumerable<string> Difference(string path, Forecast forecast)
    {
        const int Long = 160;
        if (forecast.PolicyChanges.GetValueOrDefault(path) is { } words)
        {
            return words;
        }

        var lines = forecast.Differences.GetValueOrDefault(path) is { Length: > 0 } difference ? difference.TrimEnd('\n').Split('\n') : [];
        return path.EndsWith("/plan.json", StringComparison.Ordinal)
            ? lines.Select(l => l.Length > Long && l.IndexOf(':', StringComparison.Ordinal) is > 0 and var end ? $"{l[..end]}: ..." : l)
            : lines;
    }

    // What is on disk may be anybody's text. Tabs do no harm.
    private static string Line(string line)
    {
        var visible = string.Join('\t', line.Split('\t').Select(Visible.Line));
        return line switch
        {
            ['+', ..] => Paint(visible, Green),
            ['-', ..] => Paint(visible, Red),
            _ => visible,
        };
    }

    private static string Key(PlannedKey key) => key.Change switch
    {
        KeyChange.New => $"key {key.Path} is new",
        KeyChange.Changed => $"key {key.Path} changes",
        KeyChange.Damaged => $"key {key.Path} is written again",
        _ => throw new InvalidOperationException("a key change of an unknown kind"),
    };

    private static IEnumerable<string> Tunnel(PlannedStop stop) =>
        [$"{stop.Namespace.Name} ({stop.Namespace.Interface}) goes down{(stop.ComesBack ? ", and up again with its services" : " for good")}", .. stop.Reasons.Select(Because)];

    private static string Because(PlanReason reason) => $"    because {reason.Text}";

    // A template stands for all of its instances.
    private static string State(Forecast forecast, string unit, string up, string down) =>
        $"  ({(forecast.Up.Any(u => u == unit || (UnitName.IsTemplateName(unit) && UnitName.TemplateOf(u) == unit)) ? up : down)})";

    private static string Paint(string text, string colour) => Terminal.Paint(text, colour, Terminal.ColourOutput);
}
