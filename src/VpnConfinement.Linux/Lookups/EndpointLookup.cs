using System.Net;
using System.Net.Sockets;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Lookups;

/// <summary>Looks up the names of endpoints from the birthplace, all at once and within a fixed time.</summary>
internal static class EndpointLookup
{
    /// <summary>However many names there are and whatever their resolvers do.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(8);

    /// <summary>Looks up.</summary>
    /// <param name="plan">The plan of the tunnel.</param>
    /// <param name="names">Names without port.</param>
    /// <param name="log">Takes a line for each name that has no address.</param>
    /// <returns>Addresses by name; a name that has none, or whose lookup failed, is absent.</returns>
    internal static IReadOnlyDictionary<string, IReadOnlyList<IPAddress>> Run(NamespacePlan plan, IReadOnlyCollection<string> names, Action<string> log)
    {
        var found = new Dictionary<string, IReadOnlyList<IPAddress>>(StringComparer.Ordinal);
        if (names.Count == 0)
        {
            return found;
        }

        using var birthplace = BirthplaceNetns.Open(plan);
        var lookups = names.Distinct().Select(name => (Name: name, Task: Begin(plan, birthplace, name))).ToList();
        _ = Task.WaitAll([.. lookups.Select(lookup => Quietly(lookup.Task))], Patience);
        foreach (var (name, task) in lookups)
        {
            if (task.IsCompletedSuccessfully && task.Result.Count > 0)
            {
                found[name] = task.Result;
            }
            else
            {
                log($"{name} has no address: {Reason(task)}");
            }
        }

        return found;
    }

    // The C library's lookup cannot be cut short: it is left behind, and ends with this program.
    private static Task<IReadOnlyList<IPAddress>> Begin(NamespacePlan plan, BirthplaceNetns birthplace, string name)
    {
        if (birthplace.Name == StateLayout.HostPlace)
        {
            return OnThread(() => Dns.GetHostAddresses(name));
        }

        var servers = plan.WireGuard.BirthplaceManaged ? plan.WireGuard.Resolvers : ResolvConf.Servers(birthplace.Name);
        return OnThread(() => new DnsResolver(birthplace.Handle, servers).LookUp(name));
    }

    // A thread for each: the pool has few, and those that wait for silent resolvers would keep the others from being asked at all.
    private static Task<IReadOnlyList<IPAddress>> OnThread(Func<IReadOnlyList<IPAddress>> lookUp) =>
        Task.Factory.StartNew(lookUp, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static Task Quietly(Task task) => task.ContinueWith(static _ => { }, TaskScheduler.Default);

    private static string Reason(Task<IReadOnlyList<IPAddress>> task) =>
        !task.IsCompleted ? $"no answer within {Patience.TotalSeconds} seconds"
        : task.IsCompletedSuccessfully ? "there is no such name, or it has none"
        : task.Exception?.InnerException is SocketException or SystemFailure ? task.Exception.InnerException.Message
        : throw task.Exception ?? new AggregateException();
}
