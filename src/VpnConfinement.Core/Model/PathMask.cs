namespace VpnConfinement.Model;

/// <summary>A folder of the host that a confined service does not see (S-33, docs/units.md).</summary>
/// <param name="Path">Where it lies.</param>
/// <param name="IsMade">
/// Whether systemd makes the folder where it is missing, so that what appears in it later stays hidden as well. Else a folder
/// that is missing at the service's start is not hidden from it until its next start.
/// </param>
public sealed record PathMask(string Path, bool IsMade);
