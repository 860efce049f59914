using System.Text.Json;
using System.Text.Json.Serialization;

namespace VpnConfinement.State;

/// <summary>The one writer and reader of the manifest.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Manifest))]
public sealed partial class ManifestJson : JsonSerializerContext
{
    /// <summary>The manifest as text that ends in a newline.</summary>
    public static string Write(Manifest manifest) => JsonSerializer.Serialize(manifest, Default.Manifest) + "\n";

    /// <summary>Reads a manifest.</summary>
    /// <exception cref="JsonException">The text is cut short, damaged or of another version.</exception>
    public static Manifest Read(string text)
    {
        var manifest = JsonSerializer.Deserialize(text, Default.Manifest) ?? throw new JsonException("the manifest is null");

        // The serializer gives a member that an older program did not write yet null, whatever its initial value.
        return manifest.Version == State.Manifest.CurrentVersion
            ? manifest with { Unstarted = manifest.Unstarted ?? [], ChangingKeys = manifest.ChangingKeys ?? [] }
            : throw new JsonException($"the manifest has version {manifest.Version}; this program reads version {State.Manifest.CurrentVersion}");
    }
}
