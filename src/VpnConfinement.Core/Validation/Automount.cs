namespace VpnConfinement.Validation;

/// <summary>A place where the host mounts what is opened, by whomever: it may look a name up and connect.</summary>
/// <param name="Path">The folder.</param>
/// <param name="Origin">The unit or file that says so.</param>
/// <param name="IsDirect">
/// Whether the folder itself is what is mounted, from one place that the host's owner chose; else each name that is opened below it.
/// </param>
internal sealed record Automount(string Path, string Origin, bool IsDirect);
