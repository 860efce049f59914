using System.Net.Sockets;

namespace VpnConfinement.Lab.Agents;

/// <summary>Stands in for daemons of a host: listens on Unix sockets and answers whoever calls.</summary>
internal static class DaemonServer
{
    public static int Run(ReadOnlySpan<string> paths)
    {
        foreach (var path in paths)
        {
            var listener = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
            if (path.StartsWith('@'))
            {
                listener.Bind(new UnixDomainSocketEndPoint($"\0{path[1..]}"));
            }
            else
            {
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.Delete(path);
                listener.Bind(new UnixDomainSocketEndPoint(path));
                File.SetUnixFileMode(path, (UnixFileMode)0b110_110_110);
            }

            listener.Listen(64);
            new Thread(() => Answer(listener)) { IsBackground = true }.Start();
        }

        Thread.Sleep(Timeout.Infinite);
        return 0;
    }

    private static void Answer(Socket listener)
    {
        while (true)
        {
            using var caller = listener.Accept();
            caller.ReceiveTimeout = 1000;
            try
            {
                _ = caller.Receive(new byte[4096]);
                caller.Send("heard\n"u8);
            }
            catch (SocketException e)
            {
                Console.Error.WriteLine(e.Message);
            }
        }
    }
}
