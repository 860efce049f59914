using System.Runtime.InteropServices;
using VpnConfinement.Linux.Namespaces;
using static VpnConfinement.Linux.Interop.LibcConstants;
using static VpnConfinement.Linux.Interop.NetlinkConstants;
using static VpnConfinement.Linux.Interop.RouteConstants;

namespace VpnConfinement.Linux.Netlink.Route;

/// <summary>The routing rules (linux/fib_rules.h) that drop whatever comes in over a link and is not for this netns itself, IPv4 and IPv6.</summary>
internal static class Rules
{
    /// <summary>Directly after the rule of the local table, which is 0: what is for the netns itself has found its route by then.</summary>
    internal const uint Priority = 1;

    private const int Room = 128;

    // A kernel without IPv6 has no such rules and nothing to drop.
    private static byte[] Families => Sysctl.HasGroup("ipv6") ? [AF_INET, AF_INET6] : [AF_INET];

    /// <summary>Makes the rules be there; a link of that name need not be yet.</summary>
    /// <returns>Whether one was missing.</returns>
    internal static bool Ensure(NetlinkSocket socket, string link)
    {
        Span<byte> buffer = stackalloc byte[Room];
        var missing = Families.Where(family => Count(socket, family, link) == 0).ToList();
        foreach (var family in missing)
        {
            socket.Execute(Message(buffer, RTM_NEWRULE, NLM_F_CREATE | NLM_F_EXCL, family, link), $"add a routing rule for link {link}");
        }

        return missing.Count > 0;
    }

    /// <summary>Whether the rules are there.</summary>
    internal static bool AreThere(NetlinkSocket socket, string link) => Families.All(family => Count(socket, family, link) > 0);

    /// <summary>Deletes them; they outlive their link. Absent is fine.</summary>
    internal static void Delete(NetlinkSocket socket, string link)
    {
        Span<byte> buffer = stackalloc byte[Room];
        foreach (var family in Families)
        {
            for (var left = Count(socket, family, link); left > 0; left--)
            {
                socket.Execute(Message(buffer, RTM_DELRULE, 0, family, link), $"delete the routing rule for link {link}");
            }
        }
    }

    /// <summary>The message that adds or deletes one.</summary>
    internal static Span<byte> Message(Span<byte> buffer, ushort type, ushort flags, byte family, string link)
    {
        var writer = new NetlinkWriter(buffer, type, flags);
        Span<byte> info = stackalloc byte[FibRuleHeaderLength];
        info.Clear();
        info[0] = family;
        info[7] = FR_ACT_BLACKHOLE;
        writer.Struct(info);
        writer.Text(FRA_IIFNAME, link);
        writer.U32(FRA_PRIORITY, Priority);
        if (type == RTM_NEWRULE)
        {
            // systemd-networkd removes all rules but its own and those with this protocol (networkd.conf(5), ManageForeignRoutingPolicyRules=).
            writer.U8(FRA_PROTOCOL, RTPROT_KERNEL);
        }

        return writer.Finish();
    }

    /// <summary>The name of the link that a rule is one of ours for; null for any other rule.</summary>
    internal static string? Parse(ReadOnlySpan<byte> payload)
    {
        var attributes = AttributeReader.After(payload, FibRuleHeaderLength);
        if (payload[1] != 0 || payload[2] != 0 || payload[3] != 0 || payload[7] != FR_ACT_BLACKHOLE
            || (MemoryMarshal.Read<uint>(payload[8..]) & FIB_RULE_INVERT) != 0)
        {
            return null;
        }

        string? link = null;
        uint priority = 0;
        while (attributes.Next())
        {
            switch (attributes.Type)
            {
                case FRA_IIFNAME:
                    link = attributes.Text();
                    break;
                case FRA_PRIORITY:
                    priority = attributes.Number<uint>();
                    break;
                case FRA_PROTOCOL or FRA_TABLE or FRA_SUPPRESS_PREFIXLEN:
                    break;
                default:
                    return null; // somebody narrowed it: by a mark, ports, a user
            }
        }

        return priority == Priority ? link : null;
    }

    private static int Count(NetlinkSocket socket, byte family, string link)
    {
        var writer = new NetlinkWriter(stackalloc byte[Room], RTM_GETRULE, NLM_F_DUMP);
        Span<byte> info = stackalloc byte[FibRuleHeaderLength];
        info.Clear();
        info[0] = family;
        writer.Struct(info);
        return socket.Query<string>(writer.Finish(), "list the routing rules", Parse).Count(name => name == link);
    }
}
