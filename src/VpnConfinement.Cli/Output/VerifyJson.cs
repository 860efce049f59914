using System.Text.Json;
using System.Text.Json.Serialization;
using VpnConfinement.Verify;

namespace VpnConfinement.Cli.Output;

/// <summary>The JSON of <c>verify --json</c>, documented in docs/verify.md.</summary>
[JsonSourceGenerationOptions(
    WriteIndented = true,
    NewLine = "\n",
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(VerifyReport))]
internal sealed partial class VerifyJson : JsonSerializerContext
{
    internal static string Write(VerifyReport report) => JsonSerializer.Serialize(report, Default.VerifyReport);
}
