using System.Buffers.Binary;
using System.Globalization;
using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Plan;
using static VpnConfinement.Linux.Interop.NetlinkConstants;

namespace VpnConfinement.Linux.Nftables;

/// <summary>
/// The number that the kernel raises with every change of a netns's nftables, whoever makes it. While it is the one that was written down when
/// the ruleset was found to be right, the ruleset still is, and need not be listed: that costs a start of libnftables, and more the longer it is.
/// </summary>
internal static class NftGeneration
{
    /// <summary>The number in the calling thread's netns.</summary>
    internal static uint Here()
    {
        using var socket = NetlinkSocket.OpenHere(NETLINK_NETFILTER);
        var answers = socket.Query<object>(Message(stackalloc byte[64]), "ask for the generation of the ruleset", Parse);
        return answers is [uint generation, ..] ? generation : throw AttributeReader.Malformed();
    }

    /// <summary>The question, with an empty struct nfgenmsg: any family, version 0.</summary>
    internal static Span<byte> Message(Span<byte> buffer)
    {
        var writer = new NetlinkWriter(buffer, (ushort)((NFNL_SUBSYS_NFTABLES << 8) | NFT_MSG_GETGEN));
        writer.Struct([0, 0, 0, 0]);
        return writer.Finish();
    }

    /// <summary>Writes down, in the netns of a context, that the confinement's ruleset is right; nothing is, where it was changed meanwhile.</summary>
    /// <param name="context">A context in the netns.</param>
    /// <param name="ns">Name of the namespace.</param>
    /// <param name="source">Hash of the text that was loaded.</param>
    internal static void Record(NftContext context, string ns, string source)
    {
        // Before the listing: a change between the two leaves a number that is past.
        var generation = Here();
        var text = Text(generation, source);
        if (StateFile.Read(StateLayout.RulesetGeneration(ns)) != text && NftTable.IsLoaded(context, NftTable.Confinement, source, StateLayout.RulesetRecord(ns)))
        {
            AtomicFile.Write(StateLayout.RulesetGeneration(ns), text);
        }
    }

    /// <summary>Whether the confinement's ruleset is the one that was loaded from a text.</summary>
    /// <param name="netns">The namespace.</param>
    /// <param name="ns">Its name.</param>
    /// <param name="source">Hash of the text.</param>
    internal static bool IsLoaded(SafeFileHandle netns, string ns, string source) =>
        StateFile.Read(StateLayout.RulesetGeneration(ns)) == Text(NetnsThread.Run(netns, Here), source)
        || NftContext.RunIn(netns, context => NftTable.IsLoaded(context, NftTable.Confinement, source, StateLayout.RulesetRecord(ns)));

    private static string Text(uint generation, string source) => string.Create(CultureInfo.InvariantCulture, $"{generation} {source}\n");

    private static object? Parse(ReadOnlySpan<byte> payload)
    {
        // struct nfgenmsg has four bytes; numbers of nftables are in network order.
        var attributes = AttributeReader.After(payload, 4);
        while (attributes.Next())
        {
            if (attributes.Type == NFTA_GEN_ID)
            {
                return attributes.Value.Length == sizeof(uint) ? BinaryPrimitives.ReadUInt32BigEndian(attributes.Value) : throw AttributeReader.Malformed();
            }
        }

        return null;
    }
}
