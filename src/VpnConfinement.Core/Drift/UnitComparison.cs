using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Drift;

/// <summary>How what systemd has loaded of a confined unit, or of a forwarder, differs from what was applied.</summary>
internal static class UnitComparison
{
    /// <summary>The first difference, as a sentence without its end; null where there is none.</summary>
    internal static string? Of(LoadedUnit unit)
    {
        var netns = StateLayout.Netns(unit.Namespace);
        if (unit.IsForwarder)
        {
            return Lacking(unit, "NetworkNamespacePath", netns)
                ?? Lacking(unit, "BindsTo", StateLayout.NetnsUnit(unit.Namespace));
        }

        var path = unit.Loaded.GetValueOrDefault("NetworkNamespacePath") ?? "";
        return path != netns ? $"NetworkNamespacePath is '{path}' and not '{netns}'"
            : unit.DropIn is null ? null
            : LoadedAttachment.Difference(unit.Name, unit.DropIn, unit.Loaded);
    }

    private static string? Lacking(LoadedUnit unit, string property, string value)
    {
        var found = unit.Loaded.GetValueOrDefault(property) ?? "";
        return UnitWords.Split(found).Contains(value) ? null : $"{property} is '{found}' and lacks '{value}'";
    }
}
