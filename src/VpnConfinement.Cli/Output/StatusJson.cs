using System.Text.Json;
using System.Text.Json.Serialization;
using VpnConfinement.Linux.Status;

namespace VpnConfinement.Cli.Output;

/// <summary>The JSON of <c>status --json</c>, documented in docs/status-json.md.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, UseStringEnumConverter = true)]
[JsonSerializable(typeof(HostStatus))]
internal sealed partial class StatusJson : JsonSerializerContext
{
    internal static string Write(HostStatus status) => JsonSerializer.Serialize(status, Default.HostStatus);
}
