using VpnConfinement.Compile;

namespace VpnConfinement.Plan;

/// <summary>A file that is written.</summary>
/// <param name="File">The file.</param>
/// <param name="Change">Why.</param>
public sealed record PlannedWrite(GeneratedFile File, FileChange Change);
