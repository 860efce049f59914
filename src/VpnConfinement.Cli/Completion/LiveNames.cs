using System.Globalization;
using VpnConfinement.Linux;
using VpnConfinement.Linux.Apply;

namespace VpnConfinement.Cli.Completion;

/// <summary>
/// Names of what is applied, for completions alone: from the manifest, where the user may read it. systemd is not
/// asked. Where nothing can be read there are none, and no word of it: a completion decides nothing.
/// </summary>
internal static class LiveNames
{
    /// <summary>The applied namespaces.</summary>
    internal static IEnumerable<string> Namespaces() =>
        Quietly(() => ManifestStore.Load().Namespaces.Select(n => n.Name));

    /// <summary>The confined services and sockets.</summary>
    internal static IEnumerable<string> Units() =>
        Quietly(() => ManifestStore.Load().Namespaces.SelectMany(n => n.Units).Select(u => u.Name).Distinct());

    /// <summary>The generations that are kept.</summary>
    internal static IEnumerable<string> Generations() =>
        Quietly(() => GenerationStore.Numbers().Select(n => n.ToString(CultureInfo.InvariantCulture)));

    private static IReadOnlyList<string> Quietly(Func<IEnumerable<string>> names)
    {
        try
        {
            return [.. names()];
        }
        catch (Exception e) when (e is SystemFailure or IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }
}
