using VpnConfinement.Linux.Systemd;
using VpnConfinement.Model;

namespace VpnConfinement.Linux.Apply;

/// <summary>
/// The descriptors that systemd keeps for services (sd_notify(3), FDSTORE=1). A socket in there is in the netns where it was made, so none from
/// before a change may come back after it. Before systemd 254 a stop closes them; later FileDescriptorStorePreserve=yes keeps them over it.
/// </summary>
internal static class DescriptorStores
{
    private const string Property = "NFileDescriptorStore";

    /// <summary>Makes sure that stopped units have none.</summary>
    /// <exception cref="SystemFailure">One of them still has: it may not be started.</exception>
    internal static void Clean(Systemctl systemctl, IEnumerable<string> stopped)
    {
        var services = stopped.Where(u => !UnitName.IsSocketName(u) && !UnitName.IsTemplateName(u)).Distinct().ToList();
        var keeping = Keeping(systemctl, services);
        foreach (var service in keeping)
        {
            systemctl.CleanDescriptorStore(service);
        }

        if (Keeping(systemctl, keeping) is [var left, ..])
        {
            throw new SystemFailure($"systemd still keeps descriptors of {left} from before its confinement; it was left stopped", $"run 'systemctl clean --what=fdstore {left}', then 'vpn-confinement apply'");
        }
    }

    private static List<string> Keeping(Systemctl systemctl, List<string> services)
    {
        var shown = UnitSnapshot.Take(systemctl, services, "LoadState", Property);
        return [.. services.Where(s => shown.Of(s, "LoadState") is "loaded" && shown.Of(s, Property) is not "0")];
    }
}
