namespace VpnConfinement.Lab.Interop;

/// <summary>A system call failed: what was being done, and its errno.</summary>
internal sealed class SystemCallException(string doing, int errno) : Exception($"{doing}: {Errno.Name(errno)}")
{
    public int Number { get; } = errno;
}
