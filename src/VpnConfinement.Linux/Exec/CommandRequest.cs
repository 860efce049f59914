namespace VpnConfinement.Linux.Exec;

/// <summary>A command to run in a namespace.</summary>
public sealed record CommandRequest
{
    /// <summary>Name of the namespace.</summary>
    public required string Namespace { get; init; }

    /// <summary>The program and its arguments; at least the program.</summary>
    public required IReadOnlyList<string> Words { get; init; }

    /// <summary>Name or number of its user; null for the calling one (<see cref="CommandUser"/>).</summary>
    public required string? User { get; init; }

    /// <summary>Its folder; null for the current one.</summary>
    public required string? Folder { get; init; }

    /// <summary>Whether it gets a terminal of its own; null where that follows from the standard streams.</summary>
    public required bool? Terminal { get; init; }

    /// <summary>More variables for it: <c>NAME=VALUE</c>, or <c>NAME</c> for ours.</summary>
    public required IReadOnlyList<string> Variables { get; init; }

    /// <summary>Absolute path of this program.</summary>
    public required string Binary { get; init; }
}
