using VpnConfinement.Text;

namespace VpnConfinement.Drift;

/// <summary>A start gate or a watcher as systemd has it loaded.</summary>
/// <param name="Name">Its full name.</param>
/// <param name="Loaded">What systemd says of it: <see cref="PartList.OwnUnitProperties"/>.</param>
/// <param name="DropIns">The drop-ins that are loaded, by their paths; null for one that is gone.</param>
public sealed record OwnUnit(
    string Name, IReadOnlyDictionary<string, string> Loaded, IReadOnlyList<SeenItem<SourceText?>> DropIns);
