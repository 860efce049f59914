using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace VpnConfinement.Diagnostics;

/// <summary>The stable JSON of <c>explain --json</c>, documented in docs/status-json.md.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(IReadOnlyList<CodeEntry>))]
public sealed partial class CodesJson : JsonSerializerContext
{
    /// <summary>Writes the codes; carets and quotes stay as they are, for a person reads them as well.</summary>
    public static string Write(IReadOnlyList<CodeEntry> codes)
    {
        var options =
            new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        return JsonSerializer.Serialize(codes, new CodesJson(options).IReadOnlyListCodeEntry);
    }
}
