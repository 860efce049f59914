using System.Globalization;
using VpnConfinement.Linux.Files;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Parts;

/// <summary>The indexes of the two ends of a host link, written down when it is made (S-36).</summary>
/// <param name="Host">Index of the host's end, in the host's netns.</param>
/// <param name="Inside">Index of the namespace's end, in the netns.</param>
internal sealed record LinkIndexes(int Host, int Inside)
{
    /// <summary>Reads those of a namespace; null where there are none, or they are damaged.</summary>
    internal static LinkIndexes? Load(string ns) =>
        StateFile.Read(StateLayout.HostLinkIndexes(ns))?.TrimEnd('\n').Split(' ') is [var host, var inside]
        && int.TryParse(host, NumberStyles.None, CultureInfo.InvariantCulture, out var outer)
        && int.TryParse(inside, NumberStyles.None, CultureInfo.InvariantCulture, out var inner)
            ? new LinkIndexes(outer, inner)
            : null;

    /// <summary>Writes them down, unless they are.</summary>
    internal void Ensure(string ns)
    {
        if (Load(ns) != this)
        {
            AtomicFile.Write(
                StateLayout.HostLinkIndexes(ns), string.Create(CultureInfo.InvariantCulture, $"{Host} {Inside}\n"));
        }
    }
}
