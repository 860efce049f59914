namespace VpnConfinement.Model;

/// <summary>The links made by us that the host's network daemons can see (S-36).</summary>
public static class LinksOnHost
{
    /// <summary>A link of a userspace tunnel until it is moved into its namespace, as a glob.</summary>
    public const string Temporary = "vpnc*";

    /// <summary>All, by name or glob.</summary>
    public static IReadOnlyList<string> Of(IEnumerable<HostLink?> hostLinks) =>
    [
        .. hostLinks.OfType<HostLink>().Select(link => link.HostInterface.ToString()).Order(StringComparer.Ordinal),
        Temporary,
    ];
}
