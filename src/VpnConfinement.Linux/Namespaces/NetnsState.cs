using Microsoft.Win32.SafeHandles;

namespace VpnConfinement.Linux.Namespaces;

/// <summary>What is at <c>/run/netns/NAME</c>.</summary>
internal abstract record NetnsState
{
    private NetnsState()
    {
    }

    /// <summary>Nothing, or a plain file that no netns is mounted on (what is left when a run was cut short).</summary>
    internal sealed record Absent : NetnsState;

    /// <summary>A netns that our marker names. The handle is the caller's to dispose.</summary>
    internal sealed record Ours(SafeFileHandle Handle, NetnsIdentity Identity) : NetnsState;

    /// <summary>Something of someone else's.</summary>
    internal sealed record Foreign(string Reason) : NetnsState;
}
