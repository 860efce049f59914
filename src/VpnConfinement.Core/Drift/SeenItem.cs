namespace VpnConfinement.Drift;

/// <summary>One of several things of a kind, and what was seen of it.</summary>
/// <typeparam name="T">What is seen of it.</typeparam>
/// <param name="Name">Its path, unit or namespace.</param>
/// <param name="Seen">What was seen.</param>
public sealed record SeenItem<T>(string Name, Observation<T> Seen);
