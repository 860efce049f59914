using System.Text.Json.Serialization;

namespace VpnConfinement.Diagnostics;

/// <summary>What is known of one code: an entry of docs/diagnostics.md.</summary>
/// <param name="Code">The code, such as <c>VPC108</c>, or <c>mtu-too-large</c> of <c>doctor</c>.</param>
/// <param name="Severity">What the page calls it: <c>error</c>, <c>warning</c> or <c>notice</c>.</param>
/// <param name="Meaning">What it means, as a clause.</param>
/// <param name="Cases">What brings it, in short.</param>
/// <param name="Why">Why it matters, in sentences.</param>
/// <param name="Cure">What to do, in sentences.</param>
/// <param name="Files">The files of the example: the configuration first by convention of the page.</param>
/// <param name="Host">What else is so on the example's host, a sentence each.</param>
/// <param name="Finding">What <c>check</c>, or <c>doctor</c>, says of the example.</param>
public sealed record CodeEntry(
    string Code,
    string Severity,
    string Meaning,
    string Cases,
    string Why,
    string Cure,
    IReadOnlyList<CodeExampleFile> Files,
    IReadOnlyList<string> Host,
    string Finding)
{
    /// <summary>Whether <c>doctor</c> finds it, and not <c>check</c>: such codes are words.</summary>
    [JsonIgnore]
    public bool IsOfDoctor => !Code.StartsWith("VPC", StringComparison.Ordinal);
}
