using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using System.Text;
using VpnConfinement.Lab.Interop;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Processes;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.Lab.Agents;

/// <summary>The tries themselves, made in the agent's own process.</summary>
internal static class AgentActions
{
    private static readonly TimeSpan ResolverPatience = LabHost.Patience(4);

    public static string Do(AgentRequest request) => request.Operation switch
    {
        AgentOperation.Get => Get(request),
        AgentOperation.Query => Query(request),
        AgentOperation.Resolve => Resolve(request.Name),
        AgentOperation.Send => Send(request),
        AgentOperation.Connect => Connect(request),
        AgentOperation.RawPing => Ping(request, Libc.SOCK_RAW),
        AgentOperation.Ping => Ping(request, Libc.SOCK_DGRAM),
        AgentOperation.Raw => RawTries.Raw(request),
        AgentOperation.Frame => RawTries.Frame(request),
        AgentOperation.Open => OpenOnly(request),
        AgentOperation.OpenByRing => Done(() => RingSocket.Open(request.Family, request.Protocol)),
        AgentOperation.OpenByForeignCall => Done(() => ForeignProgram.Run(request.Name, request.Family)),
        AgentOperation.AddKey => KernelTries.AddKey(),
        AgentOperation.FindKeyring => KernelTries.FindKeyring(),
        AgentOperation.Call => Call(request),
        AgentOperation.Lookup => Lookup(request),
        AgentOperation.Enter => Enter(request.Path),
        AgentOperation.Listen => Listen(request.Port),
        AgentOperation.Links => string.Join(' ', NetworkInterface.GetAllNetworkInterfaces().Select(link => link.Name).Order(StringComparer.Ordinal)),
        AgentOperation.Identity => $"{Environment.ProcessId} {new FileInfo("/proc/self/ns/net").LinkTarget}",
        AgentOperation.Read => OnFile(() => File.ReadAllText(request.Name)),
        AgentOperation.Write => OnFile(() => Write(request.Name)),
        AgentOperation.Hear => Hear(request.Name),
        _ => throw new TryFailedException("request", "unknown operation"),
    };

    private static string Done(Action action)
    {
        action();
        return "";
    }

    private static string Get(AgentRequest request)
    {
        using var socket = Open(request, Libc.SOCK_STREAM, out var address);
        socket.Connect(address, request.Port);
        socket.Send("GET / HTTP/1.1\r\nHost: whoami.example\r\nConnection: close\r\n\r\n"u8);
        var reply = Encoding.ASCII.GetString(socket.ReceiveToEnd());
        var body = reply.IndexOf("\r\n\r\n", StringComparison.Ordinal);
        return body > 0 ? reply[(body + 4)..] : throw new TryFailedException("receive", "no HTTP reply");
    }

    private static string Query(AgentRequest request)
    {
        using var socket = Open(request, request.Stream ? Libc.SOCK_STREAM : Libc.SOCK_DGRAM, out var address);
        var query = DnsMessage.Query(0x1234, request.Name);
        socket.Connect(address, request.Port);
        socket.Send(request.Stream ? [(byte)(query.Length >> 8), (byte)query.Length, .. query] : query);
        var reply = socket.Receive();
        var answer = DnsMessage.ReadAddress(request.Stream && reply.Length > 2 ? reply.AsSpan(2) : reply);
        return answer?.ToString() ?? throw new TryFailedException("receive", "no address in the reply");
    }

    private static string Resolve(string name)
    {
        // Dns has no time limit of its own that works here: a lookup blocks in libc's getaddrinfo.
        var lookup = Task.Factory.StartNew(
            () => Dns.GetHostAddresses(name, AddressFamily.InterNetwork), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        try
        {
            return lookup.Wait(ResolverPatience)
                ? lookup.Result.FirstOrDefault()?.ToString() ?? throw new TryFailedException("getaddrinfo", "no address")
                : throw new TryFailedException("getaddrinfo", Errno.ETIMEDOUT);
        }
        catch (AggregateException e) when (e.InnerException is SocketException inner)
        {
            throw new TryFailedException("getaddrinfo", inner.SocketErrorCode.ToString());
        }
    }

    private static string Send(AgentRequest request)
    {
        using var socket = Open(request, Libc.SOCK_DGRAM, out var address);
        socket.AllowBroadcast();
        socket.SendTo("escape"u8, address, request.Port);
        return "";
    }

    private static string Connect(AgentRequest request)
    {
        using var socket = Open(request, Libc.SOCK_STREAM, out var address);
        socket.Connect(address, request.Port);
        return "";
    }

    private static string Ping(AgentRequest request, int type)
    {
        using var socket = new TrySocket(Libc.AF_INET, type, Libc.IPPROTO_ICMP, request.Device);
        // Type 8, with its checksum for the raw kind; the ping kind fills in its own.
        socket.SendTo([8, 0, 0xf7, 0xff, 0, 0, 0, 0], IPAddress.Parse(request.Address), 0);
        return "";
    }

    private static string Listen(int port)
    {
        var listener = new TcpListener(IPAddress.Any, port);
        listener.Start();
        _ = Task.Run(async () =>
        {
            while (true)
            {
                using var caller = await listener.AcceptSocketAsync();
                await caller.SendAsync("hello"u8.ToArray());
            }
        });
        return "";
    }

    private static string Hear(string path)
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Connect(new UnixDomainSocketEndPoint(path));
        using var reader = new StreamReader(new NetworkStream(socket));
        return reader.ReadToEnd();
    }

    private static string Write(string path)
    {
        using var file = new FileStream(path, FileMode.CreateNew);
        return "";
    }

    private static string OnFile(Func<string> action)
    {
        try
        {
            return action();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new TryFailedException("file", e.Message);
        }
    }

    private static string OpenOnly(AgentRequest request)
    {
        using var socket = new TrySocket(request.Family, request.Family == Libc.AF_ALG ? Libc.SOCK_SEQPACKET : request.Family == Libc.AF_VSOCK ? Libc.SOCK_STREAM : Libc.SOCK_RAW, 0, "");
        return "";
    }

    private static string Call(AgentRequest request)
    {
        using var socket = new TrySocket(Libc.AF_UNIX, Libc.SOCK_STREAM, 0, "");
        socket.Connect(KernelAddress.Unix(request.Path));
        // A null byte and a line: what a bus takes for a client, and what any other server reads as it likes.
        socket.Send("\0AUTH ANONYMOUS\r\n"u8);
        return Encoding.UTF8.GetString(socket.Receive()).Trim();
    }

    private static string Lookup(AgentRequest request)
    {
        var found = Command.Run("timeout", $"{ResolverPatience.TotalSeconds:0}", "getent", "-s", request.Path, "ahostsv4", request.Name);
        return found.Succeeded ? found.Output.Split(' ')[0] : throw new TryFailedException("getent", $"status {found.ExitCode}");
    }

    private static string Enter(string path)
    {
        using var place = NetworkNamespace.At(path);
        return place.Inside(() => "");
    }

    private static TrySocket Open(AgentRequest request, int type, out IPAddress address)
    {
        address = IPAddress.Parse(request.Address);
        if (address.IsIPv6LinkLocal || address.IsIPv6Multicast)
        {
            address.ScopeId = Libc.InterfaceIndex(request.Device);
        }

        var socket = new TrySocket(KernelAddress.Family(address), request.Protocol == Libc.IPPROTO_DCCP ? Libc.SOCK_DCCP : type, request.Protocol, request.Device);
        try
        {
            if (request.Mark != 0)
            {
                socket.Mark(request.Mark);
            }

            if (request.Source.Length > 0)
            {
                socket.From(IPAddress.Parse(request.Source));
            }

            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
