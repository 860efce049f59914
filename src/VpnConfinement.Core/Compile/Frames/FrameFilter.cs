namespace VpnConfinement.Compile.Frames;

/// <summary>
/// A program of classic BPF that a link runs for each frame (tc-bpf(8), direct action).
/// </summary>
/// <param name="Instructions">Its instructions, at most 4096 of them (BPF_MAXINSNS).</param>
public sealed record FrameFilter(IReadOnlyList<FilterInstruction> Instructions)
{
    /// <summary>Verdict of a frame that passes: TC_ACT_OK (linux/pkt_cls.h).</summary>
    public const uint Pass = 0;

    /// <summary>Verdict of one that is dropped: TC_ACT_SHOT.</summary>
    public const uint Drop = 2;
}
