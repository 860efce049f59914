using VpnConfinement.Drift;
using VpnConfinement.Linux.Apply;
using VpnConfinement.Linux.Parts;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Status;

/// <summary>What is wrong with the state folder as a whole: the parts of it that belong to no one namespace.</summary>
internal static class StateFolderStatus
{
    internal static void Check(Manifest manifest, Problems problems) => problems.Add(PartList.Compare(new HostState
    {
        IsUnderWay = !manifest.IsWhole,
        TemporaryFiles = Look.At(() => LeftOverFiles.Find(manifest)),
        Kept = Look.At(() => KeptLook.At(manifest)),
        Files = FileState.Unrecorded(
            problems.Try("the units of ours", () => UnnamedFiles.Find(manifest)) ?? [], OwnFiles.Look),
        Keys = HostLook.Keys(manifest.Keys),
    }));
}
