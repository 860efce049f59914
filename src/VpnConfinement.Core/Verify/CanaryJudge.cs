using System.Globalization;

namespace VpnConfinement.Verify;

/// <summary>
/// Whether the canaries of a service left outside its tunnel. The wire is the witness: what the sender says of a packet
/// never makes a pass where a capture proves nothing.
/// </summary>
public static class CanaryJudge
{
    private const string Check = "canaries";

    /// <summary>Judges.</summary>
    /// <param name="trial">What was sent.</param>
    /// <param name="captures">What was seen, in each place that was watched.</param>
    public static VerifyLine Judge(CanaryTrial trial, IReadOnlyList<CaptureRecord> captures)
    {
        var own = trial.Canaries.ToHashSet();
        var seen = captures.SelectMany(c => c.Sights.Where(s => own.Contains(s.Canary))
            .Select(s => $"{s.Canary.Title} on {s.Link} of {c.Place}")).Distinct().ToList();
        var untried = trial.Canaries.Count(c => !trial.Answers.ContainsKey(c));
        if (seen.Count > 0)
        {
            return Line(
                trial,
                VerifyOutcome.Fail,
                $"seen outside the tunnel: {string.Join(", ", seen)}",
                $"run 'systemctl stop {trial.Unit}', then 'vpn-confinement apply'");
        }

        var doubt = trial.Failure is { } failure ? $"no packet could be sent as {trial.Unit}: {failure}"
            : trial.Canaries.Count == 0 || untried > 0
                ? string.Create(
                    CultureInfo.InvariantCulture, $"{untried} of {trial.Canaries.Count} packets were not tried")
            : captures.Count == 0 ? "nothing was watched"
            : captures.Select(c => c.Doubt).FirstOrDefault(d => d is not null);
        if (doubt is not null)
        {
            return Line(trial, VerifyOutcome.Inconclusive, doubt, $"run 'vpn-confinement verify {trial.Unit}' again");
        }

        var sent = trial.Answers.Count(a => a.Value == CanaryTrial.Sent);
        return Line(
            trial,
            VerifyOutcome.Pass,
            string.Create(
                CultureInfo.InvariantCulture,
                $"{trial.Canaries.Count} packets tried, {trial.Canaries.Count - sent} of them refused at once; none "
                    + $"was seen on a link of {string.Join(" or ", captures.Select(c => c.Place))}"),
            null);
    }

    private static VerifyLine Line(CanaryTrial trial, VerifyOutcome outcome, string evidence, string? next) =>
        new(VerifyAspect.Leak, Check, trial.Namespace, trial.Unit, outcome, evidence, next);
}
