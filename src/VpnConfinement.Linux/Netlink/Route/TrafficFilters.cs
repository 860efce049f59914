using System.Buffers.Binary;
using System.Runtime.InteropServices;
using VpnConfinement.Compile.Frames;
using VpnConfinement.Linux.Interop;
using static VpnConfinement.Linux.Interop.NetlinkConstants;
using static VpnConfinement.Linux.Interop.RouteConstants;

namespace VpnConfinement.Linux.Netlink.Route;

/// <summary>
/// The programs that a link runs for each frame that comes in over it or goes out (the clsact qdisc and its cls_bpf
/// filters, tc-bpf(8)). They are the link's: a rename, a bridge or a flush of nftables leaves them where they are, and
/// they end with the link.
/// </summary>
internal static class TrafficFilters
{
    private const int Room = 64;

    // struct sock_filter: code (u16), two jumps (u8), value (u32).
    private const int InstructionLength = 8;
    private const string Kind = "bpf";
    private const uint Handle = 1;

    // No other comes before the first priority.
    private static readonly uint First = (1u << 16) | BinaryPrimitives.ReverseEndianness(ETH_P_ALL);

    /// <summary>
    /// Makes a link run a program for what comes in (from the wire) and another for what goes out; null for none of
    /// ours.
    /// </summary>
    /// <returns>Whether one was missing or another.</returns>
    /// <exception cref="SystemFailure">
    /// The kernel refused. <see cref="IsLacking"/> tells whether it has no such filters.
    /// </exception>
    internal static bool Ensure(NetlinkSocket socket, Link link, FrameFilter? incoming, FrameFilter? outgoing)
    {
        (uint Hook, FrameFilter? Filter)[] hooks = [(TC_H_CLSACT_INGRESS, incoming), (TC_H_CLSACT_EGRESS, outgoing)];
        var missing = hooks.Where(hook => hook.Filter is { } filter && !IsThere(socket, link, hook.Hook, filter)).ToList();
        if (missing.Count == 0)
        {
            return false;
        }

        // Foreign ones at our place, or a qdisc that has one hook for both: the link is ours, and so is what hangs on it.
        if (missing.Any(hook => Read(socket, link, hook.Hook).Any(found => found is not { Handle: Handle, Kind: Kind, Decides: true }))
            || KindOf(socket, link) is not ("clsact" or null))
        {
            Delete(socket, link);
        }

        Create(socket, link);
        foreach (var (hook, filter) in hooks)
        {
            if (filter is not null)
            {
                Set(socket, link, hook, filter);
            }
        }

        return true;
    }

    /// <summary>
    /// Whether a link runs a program for what comes in and another for what goes out, before any other; null for any.
    /// </summary>
    internal static bool AreThere(NetlinkSocket socket, Link link, FrameFilter? incoming, FrameFilter? outgoing) =>
        (incoming is null || IsThere(socket, link, TC_H_CLSACT_INGRESS, incoming))
        && (outgoing is null || IsThere(socket, link, TC_H_CLSACT_EGRESS, outgoing));

    /// <summary>
    /// Whether a refusal means that this kernel was built without the qdisc or the filter, or does not find its module.
    /// </summary>
    internal static bool IsLacking(SystemFailure failure) => failure.Errno is Errno.ENOENT or Errno.EOPNOTSUPP;

    /// <summary>The message that makes a link have the qdisc on which filters hang.</summary>
    internal static Span<byte> CreateMessage(Span<byte> buffer, int index)
    {
        var writer = new NetlinkWriter(buffer, RTM_NEWQDISC, NLM_F_CREATE | NLM_F_EXCL);
        Header(ref writer, index, TC_H_CLSACT_HANDLE, TC_H_CLSACT, 0);
        writer.Text(TCA_KIND, "clsact");
        return writer.Finish();
    }

    /// <summary>The message that puts a program in the place of ours, or makes it.</summary>
    internal static Span<byte> SetMessage(Span<byte> buffer, int index, uint hook, FrameFilter filter)
    {
        var writer = new NetlinkWriter(buffer, RTM_NEWTFILTER, NLM_F_CREATE | NLM_F_REPLACE);
        Header(ref writer, index, Handle, hook, First);
        writer.Text(TCA_KIND, Kind);
        var options = writer.Nest(TCA_OPTIONS);
        writer.U16(TCA_BPF_OPS_LEN, (ushort)filter.Instructions.Count);
        writer.Bytes(TCA_BPF_OPS, Program(filter));
        writer.U32(TCA_BPF_FLAGS, TCA_BPF_FLAG_ACT_DIRECT);
        writer.End(options);
        return writer.Finish();
    }

    /// <summary>
    /// Reads the payload of RTM_NEWTFILTER; null for one that is not at our place, and for what only gathers filters.
    /// </summary>
    internal static TrafficFilter? Parse(ReadOnlySpan<byte> payload)
    {
        var attributes = AttributeReader.After(payload, TcMessageLength);
        var (handle, information) = (MemoryMarshal.Read<uint>(payload[8..]), MemoryMarshal.Read<uint>(payload[16..]));
        if (handle == 0 || information >> 16 != First >> 16)
        {
            return null;
        }

        var (kind, program, flags) = ("", Array.Empty<byte>(), 0u);
        while (attributes.Next())
        {
            if (attributes.Type == TCA_KIND)
            {
                kind = attributes.Text();
            }
            else if (attributes.Type == TCA_OPTIONS)
            {
                var options = attributes.Nested();
                while (options.Next())
                {
                    switch (options.Type)
                    {
                        case TCA_BPF_OPS:
                            program = options.Value.ToArray();
                            break;
                        case TCA_BPF_FLAGS:
                            flags = options.Number<uint>();
                            break;
                    }
                }
            }
        }

        return new TrafficFilter(handle, kind, program, information == First && flags == TCA_BPF_FLAG_ACT_DIRECT);
    }

    private static bool IsThere(NetlinkSocket socket, Link link, uint hook, FrameFilter filter) =>
        Read(socket, link, hook) is [{ Handle: Handle, Kind: Kind, Decides: true } found]
        && found.Program.AsSpan().SequenceEqual(Program(filter));

    private static List<TrafficFilter> Read(NetlinkSocket socket, Link link, uint hook)
    {
        var writer = new NetlinkWriter(stackalloc byte[Room], RTM_GETTFILTER, NLM_F_DUMP);
        Header(ref writer, link.Index, 0, hook, 0);
        return socket.Query<TrafficFilter>(writer.Finish(), $"list the filters of link {link.Name}", Parse);
    }

    // Of the qdisc on which filters for both ways hang; null for none. A list, since older kernels answer a single question to everybody.
    private static string? KindOf(NetlinkSocket socket, Link link)
    {
        var writer = new NetlinkWriter(stackalloc byte[Room], RTM_GETQDISC, NLM_F_DUMP);
        Header(ref writer, link.Index, 0, 0, 0);
        return socket.Query<string>(writer.Finish(), $"list the queueing disciplines of link {link.Name}", payload => ParseKind(payload, link.Index)).FirstOrDefault();
    }

    private static string? ParseKind(ReadOnlySpan<byte> payload, int index)
    {
        var attributes = AttributeReader.After(payload, TcMessageLength);
        if (MemoryMarshal.Read<int>(payload[4..]) != index || MemoryMarshal.Read<uint>(payload[12..]) != TC_H_CLSACT)
        {
            return null;
        }

        while (attributes.Next())
        {
            if (attributes.Type == TCA_KIND)
            {
                return attributes.Text();
            }
        }

        throw AttributeReader.Malformed();
    }

    private static void Create(NetlinkSocket socket, Link link)
    {
        try
        {
            socket.Execute(CreateMessage(stackalloc byte[Room], link.Index), $"make link {link.Name} run filters");
        }
        catch (SystemFailure e) when (e.Errno == Errno.EEXIST)
        {
            // It has.
        }
    }

    private static void Set(NetlinkSocket socket, Link link, uint hook, FrameFilter filter)
    {
        var buffer = new byte[256 + (filter.Instructions.Count * InstructionLength)];
        socket.Execute(SetMessage(buffer, link.Index, hook, filter), $"load the filter of link {link.Name}");
    }

    private static void Delete(NetlinkSocket socket, Link link)
    {
        var writer = new NetlinkWriter(stackalloc byte[Room], RTM_DELQDISC);
        Header(ref writer, link.Index, 0, TC_H_CLSACT, 0);
        try
        {
            socket.Execute(writer.Finish(), $"take foreign filters off link {link.Name}");
        }
        catch (SystemFailure e) when (e.Errno is Errno.ENOENT or Errno.EINVAL)
        {
            // There is none.
        }
    }

    private static byte[] Program(FrameFilter filter)
    {
        var bytes = new byte[filter.Instructions.Count * InstructionLength];
        for (var i = 0; i < filter.Instructions.Count; i++)
        {
            var (code, yes, no, value) = filter.Instructions[i];
            var at = bytes.AsSpan(i * InstructionLength);
            MemoryMarshal.Write(at, code);
            (at[2], at[3]) = (yes, no);
            MemoryMarshal.Write(at[4..], value);
        }

        return bytes;
    }

    private static void Header(ref NetlinkWriter writer, int index, uint handle, uint parent, uint information)
    {
        Span<byte> header = stackalloc byte[TcMessageLength];
        header.Clear();
        MemoryMarshal.Write(header[4..], index);
        MemoryMarshal.Write(header[8..], handle);
        MemoryMarshal.Write(header[12..], parent);
        MemoryMarshal.Write(header[16..], information);
        writer.Struct(header);
    }
}
