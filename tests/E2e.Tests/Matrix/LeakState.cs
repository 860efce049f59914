namespace VpnConfinement.E2e.Tests.Matrix;

/// <summary>One column of the leak matrix: what happens under running services.</summary>
/// <param name="Id">Stable: docs/security.md names it.</param>
/// <param name="Guarantees">The guarantees of docs/security.md that it is a test of, with spaces between.</param>
/// <param name="Tunnel">What is to be expected of the tunnel then.</param>
/// <param name="Change">A shell line that brings it about, inside the machine.</param>
public sealed record LeakState(string Id, string Guarantees, TunnelState Tunnel, string Change)
{
    /// <summary>A shell line that takes back what <c>apply</c> does not know of.</summary>
    public string Undo { get; init; } = "true";

    /// <summary>Whether libc's lookups still find the pinned resolver.</summary>
    public bool LookupsWork { get; init; } = true;

    /// <summary>Whether the namespace's ruleset is there.</summary>
    public bool RulesetHolds { get; init; } = true;

    /// <summary>Whether the namespace has IPv6, through the tunnel alone.</summary>
    public bool HasIPv6 { get; init; }

    /// <summary>Whether the services' processes are others afterwards.</summary>
    public bool Restarts { get; init; }

    /// <summary>What <c>status</c> says of it, failing; null where it need not.</summary>
    public string? StatusSays { get; init; }

    /// <summary>Whether it is about the userspace program, which a tunnel on the kernel's device has none of.</summary>
    public bool IsUserspaceOnly { get; init; }

    public override string ToString() => Id;
}
