using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace VpnConfinement.Plan;

/// <summary>The one writer and reader of <c>plan.json</c>.</summary>
[JsonSourceGenerationOptions(
    Converters =
    [
        typeof(TextConverters.Address), typeof(TextConverters.OfInterface), typeof(TextConverters.Prefix),
        typeof(TextConverters.Endpoint), typeof(TextConverters.Hostname), typeof(TextConverters.Interface),
        typeof(TextConverters.Hardware), typeof(TextConverters.Key),
    ],
    WriteIndented = true,
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(NamespacePlan))]
public sealed partial class PlanJson : JsonSerializerContext
{
    private static readonly JsonDocumentOptions Once = new() { AllowDuplicateProperties = false };

    /// <summary>The plan as text that ends in a newline; same plan, same bytes.</summary>
    public static string Write(NamespacePlan plan) => JsonSerializer.Serialize(plan, Default.NamespacePlan) + "\n";

    /// <summary>Reads a plan, also one that an older program wrote.</summary>
    /// <exception cref="JsonException">The text is cut short, damaged, or has keys that its format does not know.</exception>
    /// <exception cref="NotSupportedException">A newer program wrote it.</exception>
    public static NamespacePlan Read(string text)
    {
        if (JsonNode.Parse(text, documentOptions: Once) is not JsonObject plan)
        {
            throw new JsonException("it is no object");
        }

        FormerPlan.Migrate(plan);
        return plan.Deserialize(Default.NamespacePlan) ?? throw new JsonException("it is null");
    }
}
