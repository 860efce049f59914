using System.Text.Json;
using System.Text.Json.Serialization;

namespace VpnConfinement.Diagnostics;

/// <summary>The stable JSON of <c>check --json</c>.</summary>
[JsonSourceGenerationOptions(WriteIndented = true, NewLine = "\n", PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(CheckReport))]
public sealed partial class CheckJson : JsonSerializerContext
{
    /// <summary>Writes the findings.</summary>
    /// <param name="ok">Whether the configuration is accepted.</param>
    /// <param name="findings">All findings, in order.</param>
    public static string Write(bool ok, IReadOnlyList<Diagnostic> findings) =>
        JsonSerializer.Serialize(new CheckReport(ok, [.. findings.Select(Finding)]), Default.CheckReport);

    private static CheckFinding Finding(Diagnostic d) =>
        new(d.Code, d.Severity.ToString().ToLowerInvariant(), d.Path, d.Message, d.Remedy, d.Span.File, d.Span.Line, d.Span.Column);
}
