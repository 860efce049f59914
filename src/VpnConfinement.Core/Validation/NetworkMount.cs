namespace VpnConfinement.Validation;

/// <summary>A file system of the host that is served over a network.</summary>
/// <param name="Path">Where it is mounted.</param>
/// <param name="What">Type and source, as <c>nfs4 nas:/media</c>.</param>
/// <param name="Origin">The unit or file that says so.</param>
internal sealed record NetworkMount(string Path, string What, string Origin);
