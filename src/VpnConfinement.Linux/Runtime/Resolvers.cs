using System.Net;
using VpnConfinement.Compile.Resolver;
using VpnConfinement.Linux.Files;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Runtime;

/// <summary>The resolvers that are pinned in the services of a namespace.</summary>
internal static class Resolvers
{
    /// <summary>Reads them; none where no file is pinned, or it is missing, which is told elsewhere.</summary>
    internal static IReadOnlyList<IPAddress> Of(NamespacePlan plan)
    {
        var path = StateLayout.ResolvConf(plan.Namespace);
        return plan.PinnedFiles.Any(p => p.Source == path) && StateFile.Read(path) is { } text ? ResolverFiles.Servers(text) : [];
    }
}
