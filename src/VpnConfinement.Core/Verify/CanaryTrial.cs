namespace VpnConfinement.Verify;

/// <summary>What one service's canaries were, and how each send ended, as the sender says.</summary>
/// <param name="Namespace">The namespace.</param>
/// <param name="Unit">The service.</param>
/// <param name="Canaries">All that were to be sent.</param>
/// <param name="Answers">
/// How each ended: <c>sent</c>, or why it was refused. One that is missing was not tried.
/// </param>
/// <param name="Failure">Why they could not be sent, or null.</param>
public sealed record CanaryTrial(
    string Namespace,
    string Unit,
    IReadOnlyList<Canary> Canaries,
    IReadOnlyDictionary<Canary, string> Answers,
    string? Failure)
{
    /// <summary>The answer of a packet that the kernel took.</summary>
    public const string Sent = "sent";
}
