namespace VpnConfinement.Linux.Status;

/// <summary>What <c>status</c> saw.</summary>
/// <param name="Verdict">The worst of all that was seen.</param>
/// <param name="Namespaces">The applied namespaces in ordinal order.</param>
public sealed record HostStatus(Verdict Verdict, IReadOnlyList<NamespaceStatus> Namespaces);
