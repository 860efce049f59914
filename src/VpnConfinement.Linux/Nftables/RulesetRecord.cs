using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Runtime;

namespace VpnConfinement.Linux.Nftables;

/// <summary>What was loaded, written down right after: by it a later run tells whether the kernel still has it.</summary>
/// <param name="Table">Name of the table, family inet.</param>
/// <param name="Source">Hex SHA-256 of the text that was loaded.</param>
/// <param name="Listing">The identity of what the kernel listed after it.</param>
internal sealed record RulesetRecord(string Table, string Source, string Listing)
{
    /// <summary>Reads one; null where there is none, or one that is damaged.</summary>
    internal static RulesetRecord? Load(string path) =>
        StateFile.Read(path)?.TrimEnd('\n').Split(' ') is [var table, var source, var listing] ? new RulesetRecord(table, source, listing) : null;

    /// <summary>Writes it.</summary>
    internal void Save(string path) => AtomicFile.Write(path, $"{Table} {Source} {Listing}\n");
}
