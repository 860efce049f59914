using static VpnConfinement.Linux.Interop.NetlinkConstants;

namespace VpnConfinement.Linux.Netlink;

/// <summary>
/// The answers to one request, out of one datagram after another. They count only once the kernel has said that they
/// are all.
/// </summary>
/// <param name="sequence">The request's number.</param>
/// <param name="doing">What was asked, for the failure.</param>
/// <param name="parser">Reads one answer.</param>
internal sealed class NetlinkAnswers<T>(uint sequence, string doing, MessageParser<T> parser)
    where T : class
{
    /// <summary>What the parser made of them, in the kernel's order.</summary>
    internal List<T> Items { get; } = [];

    /// <summary>
    /// Whether the list changed while the kernel wrote it (<c>NLM_F_DUMP_INTR</c>): it has to be asked for again.
    /// </summary>
    internal bool IsInterrupted { get; private set; }

    /// <summary>Takes a datagram.</summary>
    /// <returns>Whether the answers are complete.</returns>
    /// <exception cref="SystemFailure">The kernel refused the request, or a length is wrong.</exception>
    internal bool Add(ReadOnlySpan<byte> datagram)
    {
        var reader = new MessageReader(datagram);
        while (reader.Next())
        {
            if (reader.Sequence != sequence)
            {
                continue; // of a request that failed half-way
            }

            IsInterrupted |= (reader.Flags & NLM_F_DUMP_INTR) != 0;
            switch (reader.Type)
            {
                case NLMSG_NOOP:
                    break;
                case NLMSG_ERROR:
                case NLMSG_DONE:
                    Acknowledgement.Check(reader.Type, reader.Flags, reader.Payload, doing);
                    return true;
                default:
                    if (parser(reader.Payload) is { } answer)
                    {
                        Items.Add(answer);
                    }

                    break;
            }
        }

        return false;
    }
}
