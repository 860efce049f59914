using VpnConfinement.Linux.Apply;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Status;

/// <summary>What is wrong with the state folder as a whole: the parts of it that belong to no one namespace.</summary>
internal static class StateFolderStatus
{
    internal static void Check(Manifest manifest, Problems problems)
    {
        if (!manifest.IsWhole)
        {
            problems.Bad("the last 'apply' or 'remove' is under way or was cut short; in that case run it again");
        }

        foreach (var kept in problems.Try("what is kept to go back to", () => KeptDamage.Find(manifest)) ?? [])
        {
            problems.Bad(kept.Text);
        }

        foreach (var path in problems.Try("the units of ours", () => UnnamedFiles.Find(manifest)) ?? [])
        {
            problems.Bad($"{path} is there, and not known as applied; run 'vpn-confinement apply', which asks before a service loses its confinement by that");
        }

        foreach (var key in manifest.Keys.Where(k => problems.Try($"key {k}", () => (bool?)KeyCopies.IsPrivate(k)) == false))
        {
            problems.Bad($"key {key} is missing, or others than root may read it; run 'vpn-confinement apply'");
        }

        foreach (var path in problems.Try("the folders of what was applied", () => LeftOverFiles.Find(manifest)) ?? [])
        {
            problems.Bad($"{path} was left behind by a write that was cut short; run 'vpn-confinement apply', which deletes it");
        }
    }
}
