using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace VpnConfinement.Doctor;

/// <summary>The stable JSON of <c>doctor --json</c>, documented in docs/doctor.md.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DoctorDocument))]
public sealed partial class DoctorJson : JsonSerializerContext
{
    /// <summary>Writes the document.</summary>
    public static string Write(DoctorDocument document)
    {
        var options =
            new JsonSerializerOptions(Default.Options) { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
        return JsonSerializer.Serialize(document, new DoctorJson(options).DoctorDocument);
    }
}
