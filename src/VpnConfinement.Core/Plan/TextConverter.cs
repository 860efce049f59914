using System.Text.Json;
using System.Text.Json.Serialization;

namespace VpnConfinement.Plan;

/// <summary>Writes a value as its text, and reads no other text than that: anything else is damage.</summary>
/// <typeparam name="T">Type of the value.</typeparam>
internal abstract class TextConverter<T> : JsonConverter<T>
{
    /// <inheritdoc/>
    public override T Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.String && reader.GetString() is { } text
        && TryParse(text, out var value) && value?.ToString() == text
            ? value
            : throw new JsonException();

    /// <inheritdoc/>
    public override void Write(Utf8JsonWriter writer, T value, JsonSerializerOptions options) =>
        writer.WriteStringValue(value?.ToString());

    /// <summary>Reads the text; false for one that is none.</summary>
    protected abstract bool TryParse(string text, out T value);
}
