namespace VpnConfinement.Linux.Runtime;

/// <summary>How a link says that it is ours: its alias, which <c>ip link</c> shows.</summary>
internal static class LinkOwner
{
    /// <summary>The alias of the links of a namespace.</summary>
    internal static string Alias(string ns) => $"vpn-confinement:{ns}";
}
