using System.Text.Json;
using System.Text.Json.Serialization;
using VpnConfinement.Model;

namespace VpnConfinement.Cli.Output;

/// <summary>The JSON of <c>show --json</c>, documented in docs/show-json.md.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(ShowDocument))]
internal sealed partial class ShowJson : JsonSerializerContext
{
    internal static string Write(Confinement confinement) => JsonSerializer.Serialize(Output.ShowDocument.Of(confinement), Default.ShowDocument) + "\n";
}
