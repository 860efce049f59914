namespace VpnConfinement.Drift;

/// <summary>The socket of a published port.</summary>
/// <param name="Name">The unit's full name.</param>
/// <param name="State">systemd's ActiveState of it, or its load state where it is not loaded.</param>
public sealed record PublishedSocket(string Name, string State);
