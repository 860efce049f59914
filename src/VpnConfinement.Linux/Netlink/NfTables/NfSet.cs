using static VpnConfinement.Linux.Interop.NfTablesConstants;

namespace VpnConfinement.Linux.Netlink.NfTables;

/// <summary>A set or a map, without its elements.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Flags"><c>NFTA_SET_FLAGS</c>.</param>
/// <param name="Form">All that defines it, in canonical form.</param>
internal sealed record NfSet(string Name, uint Flags, byte[] Form)
{
    /// <summary>Whether it belongs to one rule, which alone names it.</summary>
    internal bool IsAnonymous => (Flags & NFT_SET_ANONYMOUS) != 0;

    /// <summary>Whether its elements come and go by themselves: packets add them, or they have their time.</summary>
    internal bool IsLiving => (Flags & (NFT_SET_EVAL | NFT_SET_TIMEOUT)) != 0;
}
