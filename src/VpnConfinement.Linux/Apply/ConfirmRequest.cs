using VpnConfinement.State;

namespace VpnConfinement.Linux.Apply;

/// <summary>How a change is taken back unless somebody confirms it.</summary>
/// <param name="Seconds">How long it waits.</param>
/// <param name="AllowUnconfine">Whether going back may take the confinement of services away.</param>
/// <param name="Binary">Absolute path of this program, which does it.</param>
public sealed record ConfirmRequest(int Seconds, bool AllowUnconfine, string Binary)
{
    /// <summary>The record of it.</summary>
    internal PendingChange ToRecord(int backTo) => new(backTo, Seconds, DateTimeOffset.UtcNow.AddSeconds(Seconds), AllowUnconfine);
}
