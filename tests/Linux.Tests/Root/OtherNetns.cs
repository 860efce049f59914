using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;

namespace VpnConfinement.Linux.Tests.Root;

/// <summary>A network namespace that somebody else made, with addresses of its own, and a resolver when it is asked for.</summary>
internal sealed class OtherNetns : IDisposable
{
    private readonly SafeFileHandle _handle;
    private FakeResolver? _resolver;

    internal OtherNetns(string name)
    {
        Sandbox.Require();
        Name = name;
        Shell.Run($"ip netns add {name}; ip -n {name} link set lo up; ip -n {name} address add 198.51.100.7/32 dev lo; ip -n {name} address add 198.51.100.8/32 dev lo");
        _handle = Kernel.Open($"/run/netns/{name}", LibcConstants.O_RDONLY);
    }

    internal string Name { get; }

    /// <summary>The resolver at its 127.0.0.1.</summary>
    internal FakeResolver Resolver => _resolver ??= new FakeResolver(_handle);

    internal string Inode => Shell.Run($"stat -Lc %i /run/netns/{Name}");

    internal T Inside<T>(Func<T> work) => NetnsThread.Run(_handle, work);

    public void Dispose()
    {
        _resolver?.Dispose();
        _handle.Dispose();
        Shell.Try($"ip netns delete {Name}");
    }
}
