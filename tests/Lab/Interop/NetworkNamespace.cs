using System.Runtime.InteropServices;

namespace VpnConfinement.Lab.Interop;

/// <summary>
/// A network namespace held by a descriptor only: it has no name, and is gone when this process is, however that ends.
/// Entered on a thread of its own that makes its raw calls and ends.
/// </summary>
internal sealed class NetworkNamespace : IDisposable
{
    private readonly int _descriptor;
    private bool _disposed;

    private NetworkNamespace(int descriptor) => _descriptor = descriptor;

    /// <summary>A path by which other programs can enter it while this process lives.</summary>
    public string Path => $"/proc/{Environment.ProcessId}/fd/{_descriptor}";

    /// <summary>Makes a new, empty network namespace.</summary>
    public static NetworkNamespace Create()
    {
        var descriptor = OnThread(() =>
        {
            Check(Libc.Unshare(Libc.CLONE_NEWNET), "unshare(CLONE_NEWNET)");
            return Check(Libc.Open("/proc/thread-self/ns/net", Libc.O_CLOEXEC), "open the new network namespace");
        });
        return new NetworkNamespace(descriptor);
    }

    /// <summary>Opens the network namespace that a file stands for.</summary>
    public static NetworkNamespace At(string path) => new(Check(Libc.Open(path, Libc.O_CLOEXEC), $"open {path}"));

    /// <summary>Makes raw calls inside the namespace, on a thread that ends afterwards.</summary>
    public T Inside<T>(Func<T> call)
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        return OnThread(() =>
        {
            Check(Libc.SetNamespace(_descriptor, Libc.CLONE_NEWNET), "setns");
            return call();
        });
    }

    /// <summary>Opens a socket that stays in the namespace wherever it is used.</summary>
    public int OpenSocket(int family, int type, int protocol) =>
        Inside(() => Check(Libc.Socket(family, type | Libc.SOCK_CLOEXEC, protocol), "socket"));

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _ = Libc.Close(_descriptor);
        }
    }

    internal static int Check(int result, string doing) =>
        result >= 0 ? result : throw new SystemCallException(doing, Marshal.GetLastPInvokeError());

    private static T OnThread<T>(Func<T> call)
    {
        T? value = default;
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            try
            {
                value = call();
            }
            catch (Exception e)
            {
                failure = e;
            }
        })
        { IsBackground = true, Name = "netns" };
        thread.Start();
        thread.Join();
        return failure is null ? value! : throw new InvalidOperationException(failure.Message, failure);
    }
}
