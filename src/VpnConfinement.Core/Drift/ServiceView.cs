namespace VpnConfinement.Drift;

/// <summary>What the processes of a confined service see by one of their mount namespaces.</summary>
/// <param name="Unit">The unit's full name.</param>
/// <param name="Pid">A process that sees it.</param>
/// <param name="Lost">
/// What differs from what was pinned or hidden, each a phrase after "it sees": a resolver file of the host, a socket.
/// </param>
public sealed record ServiceView(string Unit, int Pid, Observation<IReadOnlyList<string>> Lost);
