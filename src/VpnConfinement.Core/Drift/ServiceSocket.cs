namespace VpnConfinement.Drift;

/// <summary>A socket that a process of a confined service has open.</summary>
/// <param name="Pid">The process.</param>
/// <param name="Descriptor">Its descriptor.</param>
/// <param name="Netns">Identity of the netns in which it was made; null where that could not be told.</param>
/// <param name="Detail">What it is, or why it could not be told, as a phrase.</param>
public sealed record ServiceSocket(int Pid, int Descriptor, string? Netns, string Detail);
