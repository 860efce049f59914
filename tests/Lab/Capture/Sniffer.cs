using System.Buffers.Binary;
using VpnConfinement.Lab.Interop;

namespace VpnConfinement.Lab.Capture;

/// <summary>
/// Records every packet on one link (or on all links) of a network namespace, from a packet socket opened inside it.
/// Packets that the kernel had to drop make the record worthless: ask <see cref="Dropped"/>.
/// </summary>
public sealed class Sniffer : IDisposable
{
    private const ushort AllProtocols = 3; // ETH_P_ALL
    private const byte Outgoing = 4; // PACKET_OUTGOING
    private const int BufferBytes = 32 << 20;

    private readonly int _descriptor;
    private readonly List<Packet> _packets = [];
    private readonly Lock _lock = new();
    private readonly Thread _reader;
    private readonly NetworkNamespace _place;
    private volatile bool _stopping;
    private long _dropped;

    /// <param name="link">The link to watch; null watches all, those that come later included.</param>
    internal Sniffer(NetworkNamespace place, string? link)
    {
        _place = place;
        _descriptor = place.Inside(() => Open(link));
        _reader = new Thread(Read) { IsBackground = true, Name = $"sniffer {link ?? "all"}" };
        _reader.Start();
    }

    /// <summary>How many packets were recorded so far; the place from which <see cref="Since"/> goes on.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _packets.Count;
            }
        }
    }

    /// <summary>Packets that the kernel could not hand over since the start.</summary>
    public long Dropped
    {
        get
        {
            Span<byte> statistics = stackalloc byte[8];
            var length = statistics.Length;
            NetworkNamespace.Check(Libc.GetSocketOption(_descriptor, Libc.SOL_PACKET, Libc.PACKET_STATISTICS, statistics, ref length), "PACKET_STATISTICS");
            // Reading resets the kernel's counters.
            return Interlocked.Add(ref _dropped, BitConverter.ToUInt32(statistics[4..]));
        }
    }

    public IReadOnlyList<Packet> Since(int count)
    {
        lock (_lock)
        {
            return _packets[count..];
        }
    }

    /// <summary>Waits until a packet of this kind was recorded after a place in the record.</summary>
    public bool WaitFor(int since, Func<Packet, bool> isIt, TimeSpan patience)
    {
        var clock = System.Diagnostics.Stopwatch.StartNew();
        while (!Since(since).Any(isIt))
        {
            if (clock.Elapsed > patience)
            {
                return false;
            }

            Thread.Sleep(5);
        }

        return true;
    }

    public void Dispose()
    {
        _stopping = true;
        _reader.Join();
        _ = Libc.Close(_descriptor);
    }

    private static int Open(string? link)
    {
        var descriptor = NetworkNamespace.Check(
            Libc.Socket(Libc.AF_PACKET, Libc.SOCK_DGRAM | Libc.SOCK_CLOEXEC, BinaryPrimitives.ReverseEndianness(AllProtocols)), "socket(AF_PACKET)");
        _ = Libc.SetSocketOption(descriptor, Libc.SOL_SOCKET, Libc.SO_RCVBUFFORCE, BitConverter.GetBytes(BufferBytes), 4);
        if (link is not null)
        {
            var index = Libc.InterfaceIndex(link);
            if (index == 0)
            {
                throw new InvalidOperationException($"No link {link} to watch");
            }

            var address = KernelAddress.Packet(AllProtocols, (int)index);
            NetworkNamespace.Check(Libc.Bind(descriptor, address, address.Length), $"bind the capture to {link}");
        }

        return descriptor;
    }

    private void Read()
    {
        var data = new byte[65536];
        var address = new byte[20];
        var names = new Dictionary<int, string>();
        while (!_stopping)
        {
            var descriptor = new PollDescriptor { Descriptor = _descriptor, Events = Libc.POLLIN };
            if (Libc.Poll(ref descriptor, 1, 100) <= 0)
            {
                continue;
            }

            var length = address.Length;
            var got = (int)Libc.ReceiveFrom(_descriptor, data, (nuint)data.Length, 0, address, ref length);
            if (got < 0)
            {
                // ENETDOWN comes when a watched link goes away; the record goes on for the others.
                continue;
            }

            var index = BitConverter.ToInt32(address, 4);
            if (!names.TryGetValue(index, out var name))
            {
                name = names[index] = NameOf(index);
            }

            var packet = PacketDecoder.Decode(name, address[10] == Outgoing, BinaryPrimitives.ReadUInt16BigEndian(address.AsSpan(2)), data.AsSpan(0, got));
            lock (_lock)
            {
                _packets.Add(packet);
            }
        }
    }

    private string NameOf(int index) => _place.Inside(() =>
    {
        Span<byte> name = stackalloc byte[16];
        return Libc.InterfaceName((uint)index, name) == 0 ? $"link {index}" : System.Text.Encoding.ASCII.GetString(name[..name.IndexOf((byte)0)]);
    });
}
