namespace VpnConfinement.Validation;

/// <summary>What the validator needs to know of the host for one configuration.</summary>
/// <param name="TextFiles">wg-quick files, which are read whole.</param>
/// <param name="KeyFiles">Key files, of which only existence and mode are looked at.</param>
/// <param name="Units">Services and sockets, with suffix. Where there is one, every installed socket is read as well, to find what feeds it.</param>
/// <param name="Systemd">Whether the version of systemd matters.</param>
public sealed record FactRequests(
    IReadOnlyList<string> TextFiles,
    IReadOnlyList<string> KeyFiles,
    IReadOnlyList<string> Units,
    bool Systemd = false)
{
    /// <summary>Paths of which it matters where their links lead.</summary>
    public IReadOnlyList<string> WritePaths { get; init; } = [];
}
