namespace VpnConfinement.Drift;

/// <summary>The sockets of a confined service.</summary>
/// <param name="Unit">The unit's full name.</param>
/// <param name="Netns">Identity of the netns in which each has to be made; null while that is not up.</param>
/// <param name="Sockets">The sockets of families that have a network.</param>
/// <param name="Unseen">What may hold more of them and cannot be looked into, each as a sentence.</param>
public sealed record ServiceSockets(
    string Unit, string? Netns, Observation<IReadOnlyList<ServiceSocket>> Sockets, IReadOnlyList<string> Unseen);
