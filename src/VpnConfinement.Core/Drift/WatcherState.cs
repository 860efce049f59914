namespace VpnConfinement.Drift;

/// <summary>The watcher of a namespace that is up.</summary>
/// <param name="Namespace">The namespace.</param>
/// <param name="ActiveState">systemd's ActiveState of it.</param>
/// <param name="IsReplaced">Whether the program that it runs was replaced since; null where none runs.</param>
public sealed record WatcherState(string Namespace, string? ActiveState, Observation<bool>? IsReplaced);
