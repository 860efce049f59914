using VpnConfinement.State;

namespace VpnConfinement.Linux.Status;

/// <summary>What <c>status</c> saw.</summary>
/// <param name="Verdict">The worst of all that was seen.</param>
/// <param name="Namespaces">The applied namespaces in ordinal order.</param>
/// <param name="Problems">What is wrong or could not be told and belongs to no one namespace, in plain words.</param>
/// <param name="Unconfirmed">The change that goes back by itself unless it is confirmed, or null.</param>
public sealed record HostStatus(Verdict Verdict, IReadOnlyList<NamespaceStatus> Namespaces, IReadOnlyList<string> Problems, PendingChange? Unconfirmed);
