namespace VpnConfinement.Linux.Status;

/// <summary>A socket unit as it is now.</summary>
public sealed record SocketStatus
{
    /// <summary>Unit name with suffix.</summary>
    public required string Unit { get; init; }

    /// <summary>systemd's ActiveState, or <c>not-found</c>.</summary>
    public required string State { get; init; }

    /// <summary>Ok when it is where it should be: a confined one in the namespace, a published one up with its forwarder in the namespace.</summary>
    public required Verdict Verdict { get; init; }

    /// <summary>Where it listens, as systemd writes it: <c>[::]:8080 (Stream)</c>.</summary>
    public required IReadOnlyList<string> Listens { get; init; }

    /// <summary>The TCP port in the namespace that a published one leads to; null for a confined one.</summary>
    public ushort? To { get; init; }

    /// <summary>The last line of its journal where it failed; null otherwise, or where there is none.</summary>
    public string? LastLine { get; init; }
}
