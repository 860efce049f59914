using System.Text.Json;
using System.Text.Json.Serialization;

namespace VpnConfinement.Plan;

/// <summary>The one writer and reader of <c>plan.json</c>.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(NamespacePlan))]
public sealed partial class PlanJson : JsonSerializerContext
{
    /// <summary>The plan as text that ends in a newline; same plan, same bytes.</summary>
    public static string Write(NamespacePlan plan) => JsonSerializer.Serialize(plan, Default.NamespacePlan) + "\n";

    /// <summary>Reads a plan.</summary>
    /// <exception cref="JsonException">The text is cut short, damaged, of another version or has keys that this version does not know.</exception>
    public static NamespacePlan Read(string text)
    {
        var plan = JsonSerializer.Deserialize(text, Default.NamespacePlan) ?? throw new JsonException("the plan is null");
        return plan.Version == Plan.NamespacePlan.CurrentVersion
            ? plan
            : throw new JsonException($"the plan has version {plan.Version}; this program reads version {Plan.NamespacePlan.CurrentVersion}");
    }
}
