using System.Text.Json;
using System.Text.Json.Serialization;

namespace VpnConfinement.State;

/// <summary>The one writer and reader of the record of an unconfirmed change.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(PendingChange))]
public sealed partial class PendingChangeJson : JsonSerializerContext
{
    /// <summary>The record as text that ends in a newline.</summary>
    public static string Write(PendingChange change) => JsonSerializer.Serialize(change, Default.PendingChange) + "\n";

    /// <summary>Reads a record.</summary>
    /// <exception cref="JsonException">The text is cut short or damaged.</exception>
    public static PendingChange Read(string text) => JsonSerializer.Deserialize(text, Default.PendingChange) ?? throw new JsonException("it is null");
}
