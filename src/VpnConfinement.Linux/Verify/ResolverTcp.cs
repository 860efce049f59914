using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Apply;
using VpnConfinement.Linux.Namespaces;

namespace VpnConfinement.Linux.Verify;

/// <summary>One question to the resolvers of a namespace over TCP, through its tunnel (RFC 7766).</summary>
internal static class ResolverTcp
{
    private const int Port = 53;

    // A length of two bytes (RFC 7766), then the header of the answer (RFC 1035).
    private const int LengthBytes = 2;
    private const int Least = LengthBytes + 12;

    // For the connection and the answer together.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    /// <summary>Who answered.</summary>
    internal static IReadOnlyList<IPAddress> Ask(SafeFileHandle netns, IReadOnlyList<IPAddress> servers) =>
        [.. servers.Where(server => Answers(netns, server))];

    private static bool Answers(SafeFileHandle netns, IPAddress server)
    {
        var question = ResolverQuestion.Message(RandomNumberGenerator.GetBytes(2));
        try
        {
            // A socket stays in the netns in which it was made.
            using var socket = NetnsThread.Run(
                netns, () => new Socket(server.AddressFamily, SocketType.Stream, ProtocolType.Tcp));
            var clock = Stopwatch.StartNew();
            socket.Blocking = false;
            try
            {
                socket.Connect(new IPEndPoint(server, Port));
            }
            catch (SocketException e) when (e.SocketErrorCode is SocketError.WouldBlock or SocketError.InProgress)
            {
                if (!socket.Poll(Patience, SelectMode.SelectWrite))
                {
                    return false;
                }
            }

            socket.Send([0, (byte)question.Length, .. question]);
            var answer = new byte[512];
            var length = 0;
            while (length < Least && Patience - clock.Elapsed is var left && left > TimeSpan.Zero
                && socket.Poll(left, SelectMode.SelectRead)
                && socket.Receive(answer, length, answer.Length - length, SocketFlags.None) is var count and > 0)
            {
                length += count;
            }

            return length >= Least
                && ResolverQuestion.IsAnswer(answer.AsSpan(LengthBytes, length - LengthBytes), question);
        }
        catch (SocketException)
        {
            // Refused or silent, whoever it was: no answer.
            return false;
        }
    }
}
