using System.Text.Json.Nodes;
using VpnConfinement.Config;

namespace VpnConfinement.Core.Tests.Config;

/// <summary>Configurations that hold one option with one value, for every option that is declared.</summary>
internal static class OptionCases
{
    /// <summary>Every option that is no table, with the tables and names that lead to it.</summary>
    internal static IReadOnlyList<(string Path, OptionDeclaration Option)> All { get; } = [.. Below("", OptionTables.Top)];

    /// <summary>The configuration in which the option of a path has a value.</summary>
    internal static JsonObject With(string path, JsonNode? value)
    {
        var parts = path.Split('.');
        JsonNode? node = value;
        foreach (var part in parts.Reverse())
        {
            node = part.EndsWith("[]", StringComparison.Ordinal) ? new JsonObject { [part[..^2]] = new JsonArray(node) } : new JsonObject { [part] = node };
        }

        return (JsonObject)node!;
    }

    private static IEnumerable<(string, OptionDeclaration)> Below(string prefix, OptionTable table) => table.Options.SelectMany(o => o.Type switch
    {
        OptionType.Table one => Below($"{prefix}{o.Name}.", one.Options),
        OptionType.NamedTables named => Below($"{prefix}{o.Name}.x1.", named.Options),
        OptionType.TableList list => Below($"{prefix}{o.Name}[].", list.Options),
        _ => [(prefix + o.Name, o)],
    });
}
