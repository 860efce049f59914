using System.Text;
using VpnConfinement.Plan;

namespace VpnConfinement.Compile;

/// <summary>
/// What other units may know of a namespace (systemd's EnvironmentFile=). Every value is a checked name or address.
/// </summary>
public static class EnvironmentText
{
    /// <summary>The file's text.</summary>
    public static string Of(NamespacePlan plan)
    {
        var text = new StringBuilder();
        text.Append("VPN_NAMESPACE=").Append(plan.Namespace).Append('\n');
        text.Append("VPN_INTERFACE=").Append(plan.WireGuard.Interface).Append('\n');
        if (plan.HostLink is { } link)
        {
            text.Append("VPN_HOSTLINK_SUBNET=").Append(link.Subnet).Append('\n');
            text.Append("VPN_HOSTLINK_HOST_ADDRESS=").Append(link.HostAddress).Append('\n');
            text.Append("VPN_HOSTLINK_NS_ADDRESS=").Append(link.NamespaceAddress).Append('\n');
        }

        return text.ToString();
    }
}
