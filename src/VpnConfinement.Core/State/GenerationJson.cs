using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using VpnConfinement.Model;

namespace VpnConfinement.State;

/// <summary>The one writer and reader of generations: a line with the SHA-256 of the rest, then JSON.</summary>
[JsonSourceGenerationOptions(
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(Generation))]
public sealed partial class GenerationJson : JsonSerializerContext
{
    private const int HashLength = 64;

    /// <summary>The generation as bytes.</summary>
    public static byte[] Write(Generation generation)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(generation, Default.Generation);
        return [.. Encoding.ASCII.GetBytes(ContentHash.Of(body) + "\n"), .. body];
    }

    /// <summary>Reads a generation.</summary>
    /// <exception cref="JsonException">The text is cut short or was changed.</exception>
    /// <exception cref="NotSupportedException">It is whole, and of another version.</exception>
    public static Generation Read(ReadOnlySpan<byte> text)
    {
        if (text.Length <= HashLength || !Encoding.ASCII.GetBytes(ContentHash.Of(text[(HashLength + 1)..])).AsSpan().SequenceEqual(text[..HashLength]))
        {
            throw new JsonException("it was cut short or changed");
        }

        using var document = JsonDocument.Parse(text[(HashLength + 1)..].ToArray());
        return document.RootElement.TryGetProperty("version", out var version) && version.TryGetInt32(out var number) && number == State.Generation.CurrentVersion
            ? document.Deserialize(Default.Generation) ?? throw new JsonException("it is null")
            : throw new NotSupportedException($"its format is '{version}'; this program reads format {State.Generation.CurrentVersion}");
    }
}
