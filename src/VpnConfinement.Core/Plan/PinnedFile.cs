namespace VpnConfinement.Plan;

/// <summary>A file of ours that stands in the place of a host's in every service of a namespace (S-4).</summary>
/// <param name="Source">Absolute path of ours.</param>
/// <param name="Target">Absolute path that the service sees it at.</param>
public sealed record PinnedFile(string Source, string Target);
