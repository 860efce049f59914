using System.Text.Json;
using System.Text.Json.Serialization;
using VpnConfinement.Linux.Apply;

namespace VpnConfinement.Cli.Output;

/// <summary>The JSON of <c>plan --json</c>, documented in docs/plan-json.md.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ForecastDocument))]
internal sealed partial class ForecastJson : JsonSerializerContext
{
    internal static string Write(Forecast forecast) => JsonSerializer.Serialize(Output.ForecastDocument.Of(forecast), Default.ForecastDocument) + "\n";
}
