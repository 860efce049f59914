namespace VpnConfinement.E2e.Tests.Faults;

/// <summary>Where a service is.</summary>
/// <param name="MainPid">Its main process, as systemd has it.</param>
/// <param name="IsOnHost">A process of it is in the host's network namespace.</param>
/// <param name="IsAway">A process of it is in another.</param>
/// <param name="HasDropIn">Its drop-in of ours is on disk.</param>
/// <param name="IsLoaded">systemd has read it.</param>
internal sealed record FaultView(string MainPid, bool IsOnHost, bool IsAway, bool HasDropIn, bool IsLoaded);
