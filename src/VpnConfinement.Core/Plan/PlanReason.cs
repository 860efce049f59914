namespace VpnConfinement.Plan;

/// <summary>Why something is stopped or started.</summary>
/// <param name="Kind">The kind of reason.</param>
/// <param name="Subject">The file, namespace or unit that it comes from; for a damage what is wrong, in words.</param>
public sealed record PlanReason(PlanReasonKind Kind, string Subject)
{
    /// <summary>The reason as a clause without its full stop.</summary>
    public string Text => Kind switch
    {
        PlanReasonKind.FileChanges => $"{Subject} changes",
        PlanReasonKind.SharedFileChanges => $"{Subject}, which all namespaces share, changes",
        PlanReasonKind.KeyChanges => $"key {Subject} changes",
        PlanReasonKind.Damaged => Subject,
        PlanReasonKind.OuterTunnelStops => $"its socket is in namespace {Subject}, which goes down",
        PlanReasonKind.LeavesConfiguration => $"the configuration has no namespace {Subject}",
        PlanReasonKind.InterfaceRenamed => $"the configuration has another interface than {Subject} for it",
        PlanReasonKind.NewlyConfined => $"it becomes confined in namespace {Subject}",
        PlanReasonKind.NamespaceStops => $"namespace {Subject} goes down",
        PlanReasonKind.SocketRestarts => $"{Subject}, which starts it, is restarted",
        PlanReasonKind.OnHostNetwork => "it runs outside its namespace",
        _ => throw new InvalidOperationException("a reason of an unknown kind"),
    };
}
