using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text.Json;
using VpnConfinement.Lab.Interop;

namespace VpnConfinement.Lab.Agents;

/// <summary>
/// A service's own process: takes requests as JSON lines on a Unix socket below its state folder and does them itself, so that
/// what is seen is what the service can do.
/// </summary>
internal static class AgentServer
{
    public const string SocketName = "agent.sock";

    public static int Run(string folder)
    {
        using var stop = new ManualResetEventSlim();
        using var handler = PosixSignalRegistration.Create(PosixSignal.SIGTERM, context =>
        {
            context.Cancel = true;
            stop.Set();
        });
        var path = $"{folder}/{SocketName}";
        File.Delete(path);
        using var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen(64);
        new Thread(() => Accept(listener)) { IsBackground = true }.Start();
        Notify();
        stop.Wait();
        return 0;
    }

    // sd_notify(3), where the unit is Type=notify.
    private static void Notify()
    {
        if (Environment.GetEnvironmentVariable("NOTIFY_SOCKET") is { } path)
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.SendTo("READY=1"u8, new UnixDomainSocketEndPoint(path));
            Console.WriteLine("ready");
        }
    }

    private static void Accept(Socket listener)
    {
        while (true)
        {
            var connection = listener.Accept();
            new Thread(() => Serve(connection)) { IsBackground = true }.Start();
        }
    }

    private static void Serve(Socket connection)
    {
        try
        {
            using var stream = new NetworkStream(connection, ownsSocket: true);
            using var reader = new StreamReader(stream);
            while (reader.ReadLine() is { } line)
            {
                var request = JsonSerializer.Deserialize<AgentRequest>(line) ?? throw new JsonException("null");
                stream.Write(JsonSerializer.SerializeToUtf8Bytes(Try(request)));
                stream.Write("\n"u8);
            }
        }
        catch (Exception e) when (e is IOException or SocketException or JsonException)
        {
            Console.Error.WriteLine(e.Message);
        }
    }

    private static AgentReply Try(AgentRequest request)
    {
        var clock = Stopwatch.StartNew();
        try
        {
            var value = AgentActions.Do(request);
            return new AgentReply(true, value, "", "", (int)clock.ElapsedMilliseconds);
        }
        catch (TryFailedException e)
        {
            return new AgentReply(false, "", e.Error, e.Stage, (int)clock.ElapsedMilliseconds);
        }
        catch (SocketException e)
        {
            return new AgentReply(false, "", e.SocketErrorCode.ToString(), "socket", (int)clock.ElapsedMilliseconds);
        }
        catch (Exception e) when (e is SystemCallException || e.InnerException is SystemCallException)
        {
            return new AgentReply(false, "", e.Message, "call", (int)clock.ElapsedMilliseconds);
        }
    }
}
