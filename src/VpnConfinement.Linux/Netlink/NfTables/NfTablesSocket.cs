using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Interop;
using static VpnConfinement.Linux.Interop.NetlinkConstants;
using static VpnConfinement.Linux.Interop.NfTablesConstants;

namespace VpnConfinement.Linux.Netlink.NfTables;

/// <summary>
/// Reads tables of family inet as nf_tables itself reports them, and deletes them. No library is asked: what one writes
/// another may print otherwise (docs/adr/0020). Of foreign tables the kernel names the chains at most.
/// </summary>
internal sealed class NfTablesSocket : IDisposable
{
    private const int Attempts = 20;
    private const int PauseMilliseconds = 5;

    private readonly NetlinkSocket _socket;
    private readonly byte[] _buffer = new byte[NfMessages.Room];

    private NfTablesSocket(NetlinkSocket socket) => _socket = socket;

    /// <summary>Opens one in the calling thread's netns.</summary>
    internal static NfTablesSocket Here() => new(NetlinkSocket.OpenHere(NETLINK_NETFILTER));

    /// <summary>Opens one in another netns; it is used from any thread.</summary>
    internal static NfTablesSocket In(SafeFileHandle netns) => new(NetlinkSocket.OpenIn(netns, NETLINK_NETFILTER));

    /// <summary>Reads a table whole.</summary>
    /// <exception cref="SystemFailure">The kernel refused, or nf_tables changed during each of several
    /// readings.</exception>
    internal NfReading Read(string table)
    {
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            Thread.Sleep(attempt == 0 ? 0 : PauseMilliseconds);
            var before = Generation();

            // The number rises when a change begins to take effect, and some of it (a chain's policy) does so only at
            // its end.
            _socket.Send(NfMessages.Nothing(_buffer), "wait for changes of nftables");
            var found = TryRead(table, out var vanished);
            if (Generation() == before)
            {
                return !vanished ? new NfReading(before, found)
                    : throw new SystemFailure($"read table inet {table}", Errno.ENOENT);
            }
        }

        throw new SystemFailure(
            $"cannot read table inet {table}: nftables changed during each of {Attempts} readings",
            "find what changes it all the time with 'nft monitor', then run this again");
    }

    /// <summary>The named objects of a table, in the kernel's order.</summary>
    /// <exception cref="SystemFailure">With ENOENT: there is no such table.</exception>
    internal IReadOnlyList<NfObject> Objects(string table) =>
        List(NFT_MSG_GETOBJ, table, "objects", payload => NfParser.Object(payload, table));

    /// <summary>
    /// The number that the kernel raises with every change of the netns's nf_tables, whoever makes it.
    /// </summary>
    internal uint Generation() =>
        _socket.Query(NfMessages.Generation(_buffer), "ask for the generation of the ruleset",
            NfParser.Generation) is [uint generation, ..]
            ? generation
            : throw AttributeReader.Malformed();

    /// <summary>Deletes a table; one that is absent is fine.</summary>
    /// <exception cref="SystemFailure">The kernel refused.</exception>
    internal void Delete(string table)
    {
        try
        {
            _socket.ExecuteBatch(NfMessages.Deletion(_buffer, table), $"delete table inet {table}");
        }
        catch (SystemFailure e) when (e.Errno == Errno.ENOENT)
        {
            // Absent.
        }
    }

    /// <summary>What it takes to make a table elsewhere.</summary>
    /// <exception cref="SystemFailure">There is no such table, it has what no ruleset of ours has, or the kernel
    /// refused.</exception>
    internal NfImage Image(string table)
    {
        var own = _socket.Query(NfMessages.Table(_buffer, table), $"read table inet {table}", payload =>
            Own(payload, NfParser.Table(payload, table)));
        var sets = List(NFT_MSG_GETSET, table, "sets", payload => NfParser.Set(payload, table) is { } set
            ? new NamedAnswer(set.Name, payload.ToArray()) : null);
        return List(NFT_MSG_GETFLOWTABLE, table, "flow tables", payload => NfParser.Flowtable(payload, table)).Count > 0
            ? throw new SystemFailure($"table inet {table} has a flow table, which cannot be loaded")
            : new NfImage(table, own is [var only] ? only : throw AttributeReader.Malformed())
            {
                Chains = List(NFT_MSG_GETCHAIN, table, "chains", payload =>
                    Own(payload, NfParser.Chain(payload, table))),
                Sets = [.. sets.Select(s => s.Answer)],
                Elements = sets.ToDictionary(s => s.Name, s => RawElements(table, s.Name), StringComparer.Ordinal),
                Objects = List(NFT_MSG_GETOBJ, table, "objects", payload =>
                    Own(payload, NfParser.Object(payload, table))),
                Rules = List(NFT_MSG_GETRULE, table, "rules", payload => Own(payload, NfParser.Rule(payload, table))),
            };
    }

    /// <summary>Makes a table out of its image, in one transaction, all of it or nothing.</summary>
    /// <param name="image">What is to be made.</param>
    /// <param name="replacing">Whether a table of the name is there, which goes.</param>
    /// <exception cref="SystemFailure">With ENOENT or EEXIST: somebody deleted or made that table meanwhile. Or the
    /// kernel refused.</exception>
    internal void Make(NfImage image, bool replacing) =>
        _socket.ExecuteBatch(NfTransaction.Of(image, replacing), $"load the ruleset of table inet {image.Name}");

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static byte[]? Own(ReadOnlySpan<byte> payload, object? parsed) => parsed is null ? null : payload.ToArray();

    private IReadOnlyList<byte[]> RawElements(string table, string set) =>
    [
        .. _socket.Query(NfMessages.Elements(_buffer, table, set), $"list the elements of set {set}", payload =>
            NfParser.RawElements(payload, table))
            .SelectMany(elements => elements),
    ];

    private NfTable? TryRead(string table, out bool vanished)
    {
        vanished = false;
        try
        {
            var found = _socket.Query(NfMessages.Table(_buffer, table), $"read table inet {table}", payload =>
                NfParser.Table(payload, table));
            try
            {
                return Fill(found is [var only] ? only : throw AttributeReader.Malformed());
            }
            catch (SystemFailure e) when (e.Errno == Errno.ENOENT)
            {
                // It, or a set of it: the number of the generation tells whether that is the end of it.
                vanished = true;
                return null;
            }
        }
        catch (SystemFailure e) when (e.Errno == Errno.ENOENT)
        {
            return null;
        }
    }

    private NfTable Fill(NfTable table)
    {
        var name = table.Name;
        var sets = List(NFT_MSG_GETSET, name, "sets", payload => NfParser.Set(payload, name));
        var elements = new Dictionary<string, IReadOnlyList<byte[]>>(StringComparer.Ordinal);
        foreach (var set in sets.Where(s => !s.IsLiving))
        {
            elements[set.Name] = Elements(name, set.Name);
        }

        return table with
        {
            Chains = List(NFT_MSG_GETCHAIN, name, "chains", payload => NfParser.Chain(payload, name)),
            Rules = List(NFT_MSG_GETRULE, name, "rules", payload => NfParser.Rule(payload, name)),
            Sets = sets,
            Elements = elements,
            Objects = Objects(name),
            Flowtables = List(NFT_MSG_GETFLOWTABLE, name, "flow tables", payload => NfParser.Flowtable(payload, name)),
        };
    }

    private List<T> List<T>(ushort message, string table, string what, MessageParser<T> parser)
        where T : class =>
        _socket.Query(NfMessages.ListOf(_buffer, message, table), $"list the {what} of table inet {table}", parser);

    private IReadOnlyList<byte[]> Elements(string table, string set) =>
    [
        .. _socket.Query(NfMessages.Elements(_buffer, table, set), $"list the elements of set {set}", payload =>
            NfParser.Elements(payload, table))
            .SelectMany(answer => answer.Set == set ? answer.Forms : throw AttributeReader.Malformed()),
    ];

    private sealed record NamedAnswer(string Name, byte[] Answer);
}
