namespace VpnConfinement.Doctor;

/// <summary>A file that systemd-networkd reads (systemd.network(5)).</summary>
/// <param name="Path">Its path; of files of one name only that of the first folder counts.</param>
/// <param name="Text">What it holds.</param>
public sealed record NetworkFile(string Path, string Text)
{
    /// <summary>The name by which files are ordered, whatever their folder.</summary>
    public string Name => Path[(Path.LastIndexOf('/') + 1)..];
}
