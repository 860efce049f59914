using System.Diagnostics;
using System.Net;
using System.Runtime.InteropServices;
using System.Text;
using VpnConfinement.Lab.Interop;
using VpnConfinement.Lab.Machines;

namespace VpnConfinement.Lab.Agents;

/// <summary>A non-blocking socket made by raw calls, so that each error is the kernel's own and each wait has an end.</summary>
internal sealed class TrySocket : IDisposable
{
    private static readonly int PatienceMilliseconds = (int)LabHost.Patience(2).TotalMilliseconds;

    private readonly int _descriptor;
    private readonly Stopwatch _clock = Stopwatch.StartNew();

    public TrySocket(int family, int type, int protocol, string device)
    {
        _descriptor = Check(Libc.Socket(family, type | Libc.SOCK_CLOEXEC | Libc.SOCK_NONBLOCK, protocol), "socket");
        if (device.Length > 0)
        {
            var name = Encoding.ASCII.GetBytes(device + "\0");
            Set(Libc.SO_BINDTODEVICE, name, "bind to device");
        }
    }

    public void AllowBroadcast() => Set(Libc.SO_BROADCAST, BitConverter.GetBytes(1), "allow broadcast");

    public void Mark(uint mark) => Set(Libc.SO_MARK, BitConverter.GetBytes(mark), "mark");

    /// <summary>Sends from an address, the process's own or not. Who may not be transparent can still bind to any.</summary>
    public void From(IPAddress source)
    {
        var one = BitConverter.GetBytes(1);
        if (Libc.SetSocketOption(_descriptor, Libc.IPPROTO_IP, Libc.IP_TRANSPARENT, one, one.Length) < 0)
        {
            Check(Libc.SetSocketOption(_descriptor, Libc.IPPROTO_IP, Libc.IP_FREEBIND, one, one.Length), "bind to any address");
        }

        var address = KernelAddress.Internet(source, 0);
        Check(Libc.Bind(_descriptor, address, address.Length), "bind");
    }

    /// <summary>What is sent begins with the IP header.</summary>
    public void IncludeHeader()
    {
        var one = BitConverter.GetBytes(1);
        Check(Libc.SetSocketOption(_descriptor, Libc.IPPROTO_IP, Libc.IP_HDRINCL, one, one.Length), "own header");
    }

    public void Connect(IPAddress address, int port) => Connect(KernelAddress.Internet(address, port));

    public void Connect(ReadOnlySpan<byte> bytes)
    {
        if (Libc.Connect(_descriptor, bytes, bytes.Length) < 0)
        {
            var errno = Marshal.GetLastPInvokeError();
            if (errno != Errno.EINPROGRESS)
            {
                throw new TryFailedException("connect", errno);
            }

            Wait(Libc.POLLOUT, "connect");
            Span<byte> error = stackalloc byte[4];
            var length = error.Length;
            Check(Libc.GetSocketOption(_descriptor, Libc.SOL_SOCKET, Libc.SO_ERROR, error, ref length), "connect");
            if (BitConverter.ToInt32(error) is > 0 and var late)
            {
                throw new TryFailedException("connect", late);
            }
        }
    }

    public void Send(ReadOnlySpan<byte> data) => Check((int)Libc.Send(_descriptor, data, (nuint)data.Length, Libc.MSG_NOSIGNAL), "send");

    public void SendTo(ReadOnlySpan<byte> data, IPAddress address, int port) => SendTo(data, KernelAddress.Internet(address, port));

    public void SendTo(ReadOnlySpan<byte> data, ReadOnlySpan<byte> address) =>
        Check((int)Libc.SendTo(_descriptor, data, (nuint)data.Length, Libc.MSG_NOSIGNAL, address, address.Length), "send");

    /// <summary>Receives what comes first; an empty result is the end of a stream.</summary>
    public byte[] Receive()
    {
        Wait(Libc.POLLIN, "receive");
        var data = new byte[65536];
        return data[..Check((int)Libc.Receive(_descriptor, data, (nuint)data.Length, 0), "receive")];
    }

    public byte[] ReceiveToEnd()
    {
        var all = new List<byte>();
        while (Receive() is { Length: > 0 } part)
        {
            all.AddRange(part);
        }

        return [.. all];
    }

    public void Dispose() => _ = Libc.Close(_descriptor);

    private void Set(int option, ReadOnlySpan<byte> value, string stage) =>
        Check(Libc.SetSocketOption(_descriptor, Libc.SOL_SOCKET, option, value, value.Length), stage);

    private void Wait(short events, string stage)
    {
        var descriptor = new PollDescriptor { Descriptor = _descriptor, Events = events };
        var left = PatienceMilliseconds - (int)_clock.ElapsedMilliseconds;
        if (left <= 0 || Check(Libc.Poll(ref descriptor, 1, left), stage) == 0)
        {
            throw new TryFailedException(stage, Errno.ETIMEDOUT);
        }
    }

    private static int Check(int result, string stage) =>
        result >= 0 ? result : throw new TryFailedException(stage, Marshal.GetLastPInvokeError());
}
