namespace VpnConfinement.Health;

/// <summary>What is seen of the resolvers of a namespace.</summary>
/// <param name="Servers">Their addresses.</param>
/// <param name="IsUp">Whether the namespace and its tunnel are up; null where that could not be told.</param>
/// <param name="Asked">Whether a question of <c>apply</c> was answered; null where none was asked.</param>
/// <param name="Answers">What the watcher found, or null where it does not say.</param>
/// <param name="Watcher"><c>ActiveState</c> of the watcher, which is who would say it; null where that could not be told.</param>
public sealed record ResolverObservation(IReadOnlyList<string> Servers, bool? IsUp, bool? Asked, Answers? Answers, string? Watcher);
