namespace VpnConfinement.Validation;

/// <summary>What the host's network daemons are told. Null facts are of daemons that are not installed.</summary>
public sealed record NetworkDaemonFacts
{
    /// <summary>No daemon, and no file.</summary>
    public static NetworkDaemonFacts None { get; } = new();

    /// <summary>Foreign files, or ones of which that cannot be told, where one of ours has to be.</summary>
    public IReadOnlyList<string> Foreign { get; init; } = [];

    /// <summary>The configuration of dhcpcd(8), where that is installed.</summary>
    public FileFact? Dhcpcd { get; init; }

    /// <summary>The configuration of connman(8), where that is installed.</summary>
    public FileFact? Connman { get; init; }
}
