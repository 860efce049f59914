using VpnConfinement.Linux.Runtime;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Status;

/// <summary>The addresses of a namespace: of its tunnel, peers, resolvers and ports on the host link.</summary>
internal static class AppliedAddresses
{
    /// <summary>Adds them; a plan that cannot be read is told with the drift, and gives none.</summary>
    internal static NamespaceStatus AddTo(NamespaceStatus status)
    {
        try
        {
            var plan = PlanStore.Load(status.Name).Plan;
            return status with
            {
                Endpoints = [.. plan.WireGuard.Peers.Select(p => Place(p, status.Tunnel)).OfType<string>()],
                TunnelAddresses = [.. plan.WireGuard.Addresses.Select(a => $"{a}")],
                Resolvers = [.. Resolvers.Of(plan).Select(a => $"{a}")],
                HostPorts = plan is { HostLink: { } link, Policy: { } policy }
                    ? [.. policy.HostTcpPorts.Select(port => $"{link.NamespaceAddress}:{port}")]
                    : [],
            };
        }
        catch (Exception e) when (e is SystemFailure or IOException or UnauthorizedAccessException)
        {
            return status;
        }
    }

    private static string? Place(PeerPlan peer, TunnelStatus? tunnel)
    {
        var now = tunnel?.Peers.FirstOrDefault(p => p.PublicKey == $"{peer.PublicKey}")?.Endpoint;
        return peer.EndpointName is { } name
            ? now is null ? $"{name}" : $"{name} ({now})"
            : now ?? peer.Endpoint?.ToString();
    }
}
