using System.Text.Json;
using System.Text.Json.Serialization;
using VpnConfinement.Linux.Apply;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Cli.Output;

/// <summary>What <c>plan --json</c> prints. Holds no key.</summary>
internal sealed record ForecastDocument(
    bool Changes,
    IReadOnlyList<string> Unconfined,
    IReadOnlyList<ForecastDocument.Difference> Drift,
    IReadOnlyList<ForecastDocument.File> Files,
    IReadOnlyList<ForecastDocument.Key> Keys,
    IReadOnlyList<ForecastDocument.Tunnel> Namespaces,
    IReadOnlyList<ForecastDocument.Living> Adjusted,
    IReadOnlyList<ForecastDocument.InPlace> Repaired,
    IReadOnlyList<string> NewlyConfined,
    IReadOnlyList<ForecastDocument.Unit> Restarts,
    IReadOnlyList<string> StillToStart,
    ForecastDocument.Ports Published,
    IReadOnlyList<string> Watchers)
{
    internal static ForecastDocument Of(Forecast forecast)
    {
        var plan = forecast.Plan;
        return new ForecastDocument(
            !forecast.IsEmpty,
            plan.Unconfined,
            [.. forecast.Drift.Select(d => new Difference(Word(d.Kind), d.Subject, d.Text, d.Part?.Name, d.IsUnknown))],
            [
                .. plan.FileWrites.Select(w => new File(w.File.Path, Word(w.Change), w.File.Namespace, w.File.Unit, forecast.Differences.GetValueOrDefault(w.File.Path))),
                .. plan.Deletes.Concat(plan.LeftOvers).Select(p => new File(p, "deleted", null, null, null)),
            ],
            [
                .. forecast.NewPrivateKeys.Select(k => new Key(k, "made")),
                .. plan.KeyWrites.Select(k => new Key(k.Path, Word(k.Change))),
                .. plan.KeyDeletes.Select(k => new Key(k, "deleted")),
            ],
            [.. plan.NamespaceStops.Select(s => new Tunnel(s.Namespace.Name, s.Namespace.Interface, s.ComesBack, Reasons(s.Reasons)))],
            [.. plan.Adjustments.Select(a => new Living(a.Namespace, a.Ruleset.EndsEverything ? "end" : a.Ruleset.ClosesAnything ? "endWhereNoLongerAllowed" : "stay", Reasons(a.Reasons)))],
            [.. plan.Repairs.Select(r => new InPlace(r.Namespace, Reasons(r.Reasons)))],
            plan.NewlyConfined,
            [.. plan.UnitRestarts.Select(r => new Unit(r.Unit, [.. forecast.Up.Where(u => u == r.Unit || UnitName.TemplateOf(u) == r.Unit).Order(StringComparer.Ordinal)], Reasons(r.Reasons)))],
            plan.StillToStart,
            new Ports(plan.PublishStops, plan.PublishStarts),
            plan.Unwatched);
    }

    private static IReadOnlyList<Reason> Reasons(IReadOnlyList<PlanReason> reasons) => [.. reasons.Select(r => new Reason(Word(r.Kind), r.Subject, r.Text))];

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.CamelCase.ConvertName(value.ToString());

    /// <summary>Something that is not as it was applied.</summary>
    internal sealed record Difference(string Kind, string Subject, string Text, string? Part, bool Unknown);

    /// <summary>A namespace that is repaired while it stays as it is, up or down.</summary>
    internal sealed record InPlace(string Name, IReadOnlyList<Reason> Reasons);

    /// <summary>A file, with its line difference where it is there now.</summary>
    internal sealed record File(string Path, string Change, string? Namespace, string? Unit, string? Diff);

    /// <summary>A key file, by its path alone.</summary>
    internal sealed record Key(string Path, string Change);

    /// <summary>A namespace that goes down.</summary>
    internal sealed record Tunnel(string Name, string Interface, bool ComesBack, IReadOnlyList<Reason> Reasons);

    /// <summary>A namespace whose tunnel is changed while it is up, and what becomes of connections.</summary>
    internal sealed record Living(string Name, string Connections, IReadOnlyList<Reason> Reasons);

    /// <summary>A unit that is restarted where it is up; a template with those of its instances that are.</summary>
    internal sealed record Unit([property: JsonPropertyName("unit")] string Name, IReadOnlyList<string> Up, IReadOnlyList<Reason> Reasons);

    /// <summary>Sockets of published ports.</summary>
    internal sealed record Ports(IReadOnlyList<string> Stops, IReadOnlyList<string> Starts);

    /// <summary>Why.</summary>
    internal sealed record Reason(string Kind, string Subject, string Text);
}
