using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Plan;
using VpnConfinement.Text;

namespace VpnConfinement.Linux.Apply;

/// <summary>
/// One question to the resolvers of a namespace, through its tunnel: the servers of the root zone (RFC 1035), over UDP. Any answer with its number counts,
/// whatever it says. Where no resolver is pinned, one empty datagram makes the tunnel begin its handshake, and nobody is waited for.
/// </summary>
internal sealed class ResolverQuestion : IDisposable
{
    private const int Port = 53;

    // RFC 863, to an address that is nobody's (RFC 5737).
    private const int DiscardPort = 9;
    private const int HeaderLength = 12;
    private static readonly TimeSpan Again = TimeSpan.FromSeconds(1);
    private static readonly IPAddress Nobody = new([192, 0, 2, 1]);

    private readonly List<Socket> _sockets = [];
    private readonly byte[] _question;
    private TimeSpan? _sent;

    private ResolverQuestion(string ns, SafeFileHandle netns, NamespacePlan plan)
    {
        Namespace = ns;
        Servers = Resolvers.Of(plan);
        _question = Servers.Count == 0 ? [] : Message(RandomNumberGenerator.GetBytes(2));
        IEnumerable<IPEndPoint> targets = Servers.Count > 0 ? Servers.Select(s => new IPEndPoint(s, Port)) : [new IPEndPoint(BeyondTunnel(plan), DiscardPort)];
        try
        {
            foreach (var target in targets)
            {
                // A socket stays in the netns in which it was made.
                var socket = NetnsThread.Run(netns, () => new Socket(target.AddressFamily, SocketType.Dgram, ProtocolType.Udp));
                _sockets.Add(socket);
                socket.Blocking = false;
                socket.Connect(target);
            }
        }
        catch (SocketException)
        {
            // No route to it yet, or ever: a question that cannot be put is not answered.
        }
    }

    /// <summary>The namespace.</summary>
    internal string Namespace { get; }

    /// <summary>Whom it is put to; none where it only makes the tunnel begin its handshake.</summary>
    internal IReadOnlyList<IPAddress> Servers { get; }

    /// <summary>Whether an answer came.</summary>
    internal bool IsAnswered { get; private set; }

    /// <summary>Whether there is nothing to wait for.</summary>
    internal bool IsDone => IsAnswered || (Servers.Count == 0 && _sent is not null);

    /// <summary>Prepares one; null where the tunnel is down, or the namespace is not as it was applied.</summary>
    internal static ResolverQuestion? Of(string ns)
    {
        try
        {
            if (WireGuardRecord.Load(ns) is null || Netns.Observe(ns) is not NetnsState.Ours ours)
            {
                return null;
            }

            using (ours.Handle)
            {
                return new ResolverQuestion(ns, ours.Handle, PlanStore.Load(ns).Plan);
            }
        }
        catch (SystemFailure)
        {
            // What is wrong with it is told by the look that follows.
            return null;
        }
    }

    /// <summary>Sends it, again each second, and takes what came. Does not wait.</summary>
    /// <param name="now">Time since the beginning.</param>
    internal void Go(TimeSpan now)
    {
        if (IsDone)
        {
            return;
        }

        var isDue = _sent is not { } sent || now - sent >= Again;
        _sent = isDue ? now : _sent;
        foreach (var socket in _sockets)
        {
            try
            {
                if (isDue)
                {
                    socket.Send(_question);
                }

                Take(socket);
            }
            catch (SocketException)
            {
                // Refused, by whoever it was: no answer.
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _sockets.ForEach(s => s.Dispose());

    /// <summary>The question for the servers of the root zone: type NS, class IN, recursion wanted.</summary>
    /// <param name="number">Two bytes by which its answer is known.</param>
    internal static byte[] Message(ReadOnlySpan<byte> number) => [number[0], number[1], 1, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 1];

    /// <summary>Whether a datagram is an answer to a question.</summary>
    internal static bool IsAnswer(ReadOnlySpan<byte> datagram, ReadOnlySpan<byte> question) =>
        datagram.Length >= HeaderLength && datagram[0] == question[0] && datagram[1] == question[1] && (datagram[2] & 0x80) != 0;

    private void Take(Socket socket)
    {
        var buffer = new byte[4096];
        while (Servers.Count > 0 && socket.Poll(0, SelectMode.SelectRead))
        {
            var count = socket.Receive(buffer);
            if (IsAnswer(buffer.AsSpan(0, count), _question))
            {
                IsAnswered = true;
                return;
            }
        }
    }

    private static IPAddress BeyondTunnel(NamespacePlan plan)
    {
        var prefixes = plan.WireGuard.Peers.SelectMany(p => p.AllowedIPs).ToList();
        return prefixes.Count == 0 || prefixes.Any(p => p.Contains(Nobody)) ? Nobody : prefixes[0].BaseAddress;
    }
}
