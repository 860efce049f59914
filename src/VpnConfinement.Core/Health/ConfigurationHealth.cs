using VpnConfinement.Compile;
using VpnConfinement.State;

namespace VpnConfinement.Health;

/// <summary>The state of the configuration: whether what it says is what was applied.</summary>
public static class ConfigurationHealth
{
    private const int Shown = 3;

    /// <summary>Judges one that is accepted.</summary>
    /// <param name="applied">What was applied.</param>
    /// <param name="tree">What it compiles to now.</param>
    /// <param name="changedKeys">Paths of key copies that would hold another key; null where that could not be told.</param>
    public static Condition Judge(Manifest applied, CompiledTree tree, IReadOnlyCollection<string>? changedKeys)
    {
        if (changedKeys is null)
        {
            return new Condition(HealthState.Unknown, "whether its keys are the ones that were applied could not be told", null, "vpn-confinement plan");
        }

        // A change that is under way, or was cut short, has no hash there: that is told of itself.
        var before = applied.Files.Where(f => f.Sha256.Length > 0).ToDictionary(f => f.Path, f => f.Sha256, StringComparer.Ordinal);
        var known = applied.Files.Select(f => f.Path).ToHashSet(StringComparer.Ordinal);
        var wanted = Manifest.Of(tree).Files;
        var differs = wanted.Where(f => before.TryGetValue(f.Path, out var hash) ? hash != f.Sha256 : !known.Contains(f.Path)).Select(f => f.Path)
            .Concat(known.Except(wanted.Select(f => f.Path)))
            .Concat(changedKeys)
            .Distinct().Order(StringComparer.Ordinal).ToList();
        return differs.Count == 0
            ? new Condition(HealthState.Working, "it is what was applied")
            : new Condition(
                HealthState.Degraded,
                $"the configuration, or what it is made from, was changed and not applied: {string.Join(", ", differs.Take(Shown))}{(differs.Count > Shown ? $" and {differs.Count - Shown} more" : "")} would change",
                null, "'vpn-confinement plan' shows what would change, and 'vpn-confinement apply' applies it");
    }

    /// <summary>Judges one that is refused.</summary>
    /// <param name="first">Its first error, with its code and place.</param>
    /// <param name="more">How many errors there are besides.</param>
    public static Condition Refused(string first, int more) => new(
        HealthState.Degraded,
        $"the configuration is refused ({first}{(more > 0 ? $", and {more} more" : "")}); what was applied stays",
        null, "'vpn-confinement check' shows every error");
}
