using System.Runtime.InteropServices;

namespace VpnConfinement.Linux.Interop;

/// <summary>struct pollfd of poll(2).</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollDescriptor
{
    /// <summary>File descriptor.</summary>
    internal int Descriptor;

    /// <summary>What is waited for.</summary>
    internal short Events;

    /// <summary>What happened.</summary>
    internal short Happened;
}
