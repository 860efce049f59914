using VpnConfinement.Health;

namespace VpnConfinement.Linux.Status;

/// <summary>What several verdicts come to together.</summary>
internal static class Verdicts
{
    /// <summary>What a state comes to.</summary>
    internal static Verdict Of(HealthState state) => HealthStates.ExitStatus(state) switch
    {
        0 => Verdict.Ok,
        4 => Verdict.Bad,
        _ => Verdict.Unknown,
    };

    /// <summary>Bad before unknown before ok.</summary>
    internal static Verdict Worst(IEnumerable<Verdict> verdicts)
    {
        var worst = Verdict.Ok;
        foreach (var verdict in verdicts)
        {
            worst = (worst, verdict) switch
            {
                (Verdict.Bad, _) or (_, Verdict.Bad) => Verdict.Bad,
                (Verdict.Unknown, _) or (_, Verdict.Unknown) => Verdict.Unknown,
                _ => Verdict.Ok,
            };
        }

        return worst;
    }
}
