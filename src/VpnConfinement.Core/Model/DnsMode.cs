namespace VpnConfinement.Model;

/// <summary>How DNS is contained (option <c>dns.mode</c>).</summary>
public enum DnsMode
{
    /// <summary>Only the listed resolvers, and no helper of the host.</summary>
    Strict,

    /// <summary>Not at all; a listed resolver is only the default.</summary>
    Compat,
}
