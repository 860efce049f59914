using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Win32.SafeHandles;
using VpnConfinement.Doctor;
using VpnConfinement.Drift;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;

namespace VpnConfinement.Linux.Doctor;

/// <summary>
/// Measures which packets a tunnel carries, by requests of several sizes to a resolver of its namespace. Its socket is
/// made in the namespace and bound to the tunnel: nothing of it leaves another way.
/// </summary>
internal sealed class RoomProbe : IDisposable
{
    private const double LongestWait = 700; // milliseconds for an answer
    private const double ShortestWait = 200;
    private static readonly TimeSpan Bound = TimeSpan.FromSeconds(5);

    private readonly RoomRequest _request;
    private readonly Socket _socket;
    private readonly ushort _session = (ushort)RandomNumberGenerator.GetInt32(ushort.MaxValue + 1);
    private readonly byte[] _buffer = new byte[65535];
    private double _wait = LongestWait;
    private ushort _number;

    private RoomProbe(SafeFileHandle netns, string link, RoomRequest request)
    {
        _request = request;
        _socket = NetnsThread.Run(netns, request.Open);
        try
        {
            _socket.SetRawSocketOption(
                LibcConstants.SOL_SOCKET, LibcConstants.SO_BINDTODEVICE, Encoding.ASCII.GetBytes(link));
            Whole();
            _socket.Connect(request.Target);
        }
        catch
        {
            _socket.Dispose();
            throw;
        }
    }

    /// <summary>Measures.</summary>
    /// <param name="netns">The namespace.</param>
    /// <param name="link">Name of the tunnel's link in it.</param>
    /// <param name="mtu">MTU of the link in bytes.</param>
    /// <param name="servers">The resolvers of the namespace.</param>
    /// <returns>Null where none of them answers requests that tell anything.</returns>
    internal static Observation<TunnelRoom?> Measure(
        SafeFileHandle netns, string link, int mtu, IReadOnlyList<IPAddress> servers)
    {
        var clock = Stopwatch.StartNew();
        bool HasTime() => clock.Elapsed < Bound;
        Observation<TunnelRoom?> none = new Observation<TunnelRoom?>.Known(null);
        return servers.SelectMany(s => (RoomRequest[])[new(s, isEcho: true), new(s, isEcho: false)])
            .TakeWhile(_ => HasTime())
            .Select(request => Measure(netns, link, mtu, request, HasTime))
            .FirstOrDefault(seen => seen is not Observation<TunnelRoom?>.Known { Value: null }, none);
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    private static Observation<TunnelRoom?> Measure(
        SafeFileHandle netns, string link, int mtu, RoomRequest request, Func<bool> hasTime)
    {
        try
        {
            using var probe = new RoomProbe(netns, link, request);
            return RoomSearch.Find(request.Words, mtu, probe.IsAnswered, hasTime);
        }
        catch (SocketException)
        {
            // No route to it, or not of a family that this host has: it is not answered, so it tells nothing.
            return new Observation<TunnelRoom?>.Known(null);
        }
    }

    // Never in fragments, and not smaller either where the kernel was told of a narrow place (ip(7)).
    private void Whole()
    {
        var (level, option) = _socket.AddressFamily is AddressFamily.InterNetworkV6
            ? (LibcConstants.IPPROTO_IPV6, LibcConstants.IPV6_MTU_DISCOVER)
            : (LibcConstants.IPPROTO_IP, LibcConstants.IP_MTU_DISCOVER);
        _socket.SetRawSocketOption(level, option, BitConverter.GetBytes(LibcConstants.IP_PMTUDISC_PROBE));
    }

    private bool IsAnswered(int size, int tries)
    {
        var first = _number;
        for (var count = 0; count < tries; count++)
        {
            var clock = Stopwatch.StartNew();
            if (Send(size) && Receive(first, clock))
            {
                var took = clock.Elapsed.TotalMilliseconds;
                _wait = Math.Clamp(Math.Max(3 * took, _wait < LongestWait ? _wait : 0), ShortestWait, LongestWait);
                return true;
            }
        }

        return false;
    }

    private bool Send(int size)
    {
        try
        {
            _socket.Send(_request.Message(size, _session, _number++));
            return true;
        }
        catch (SocketException)
        {
            // Refused by a rule of the namespace, or by whoever is asked: no answer.
            return false;
        }
    }

    // Any of this size counts, and one that is late as well.
    private bool Receive(ushort first, Stopwatch clock)
    {
        while (_wait - clock.Elapsed.TotalMilliseconds is > 0 and var left)
        {
            if (!_socket.Poll(TimeSpan.FromMilliseconds(left), SelectMode.SelectRead))
            {
                return false;
            }

            try
            {
                var count = _socket.Receive(_buffer);
                if (_request.Answered(_buffer.AsSpan(0, count), _session) is { } number
                    && (ushort)(number - first) < (ushort)(_number - first))
                {
                    return true;
                }
            }
            catch (SocketException)
            {
                return false; // refused by whoever is asked
            }
        }

        return false;
    }
}
