namespace VpnConfinement.Verify;

/// <summary>What was seen in one network namespace.</summary>
/// <param name="Place">Which, in words: <c>the host</c>.</param>
/// <param name="Sights">Canaries that were seen there.</param>
/// <param name="Dropped">Packets that the kernel could not hand over.</param>
/// <param name="Controls">Packets that it must have seen: before, between and after.</param>
/// <param name="Failure">Why it could not be watched, or null.</param>
public sealed record CaptureRecord(
    string Place,
    IReadOnlyList<CanarySight> Sights,
    long Dropped,
    IReadOnlyList<Canary> Controls,
    string? Failure)
{
    /// <summary>Why it proves nothing that a packet was not seen; null where it does.</summary>
    public string? Doubt
    {
        get
        {
            var lost = Controls.Count(c => Sights.All(s => s.Canary != c));
            return Failure is not null ? $"{Place} could not be watched: {Failure}"
                : Dropped > 0 ? $"the kernel dropped {Dropped} packets of the capture of {Place}"
                : Controls.Count == 0 ? $"no control packet was sent for the capture of {Place}"
                : lost > 0 ? $"{lost} of {Controls.Count} control packets were not seen by the capture of {Place}"
                : null;
        }
    }
}
