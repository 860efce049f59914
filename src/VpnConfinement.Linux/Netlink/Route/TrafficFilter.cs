namespace VpnConfinement.Linux.Netlink.Route;

/// <summary>A filter at the first priority of a link's hook, as the kernel describes it.</summary>
/// <param name="Handle">Its number at that priority.</param>
/// <param name="Kind">Its kind, as <c>bpf</c>.</param>
/// <param name="Program">The instructions of classic BPF as bytes; empty where it has none.</param>
/// <param name="Decides">Whether it sees every protocol and its result is the verdict.</param>
internal sealed record TrafficFilter(uint Handle, string Kind, byte[] Program, bool Decides);
