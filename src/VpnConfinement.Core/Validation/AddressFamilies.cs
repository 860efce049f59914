namespace VpnConfinement.Validation;

/// <summary>Address families as RestrictAddressFamilies= names them (address_families(7)).</summary>
internal static class AddressFamilies
{
    // Raw frames, other machines' and the hypervisor's sockets, transports of their own beside IP, and the kernel's cipher interface.
    private static readonly string[] Unseen = ["AF_PACKET", "AF_VSOCK", "AF_ALG", "AF_XDP", "AF_TIPC", "AF_RDS", "AF_SMC", "AF_QIPCRTR", "AF_KEY", "AF_IB"];

    /// <summary>Whether packets of the family pass the namespace's ruleset by, or it widens what of the kernel can be reached.</summary>
    internal static bool IsUnseen(string family) => Unseen.Contains(family, StringComparer.Ordinal);

    /// <summary>The unseen families that a unit's own setting leaves open.</summary>
    /// <param name="values">The values of RestrictAddressFamilies=, at least one.</param>
    internal static IEnumerable<string> LeftOpen(IReadOnlyList<string> values)
    {
        // The first list says whether what follows is added to nothing or taken from everything (systemd.exec(5)).
        var open = values[0].StartsWith('~') ? [.. Unseen] : new HashSet<string>(StringComparer.Ordinal);
        foreach (var value in values)
        {
            var words = value.TrimStart('~').Split([' ', '\t'], StringSplitOptions.RemoveEmptyEntries);
            if (value.StartsWith('~'))
            {
                open.ExceptWith(words);
            }
            else
            {
                open.UnionWith(words.Where(IsUnseen));
            }
        }

        return open.Order(StringComparer.Ordinal);
    }
}
