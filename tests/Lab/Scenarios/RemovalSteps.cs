using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.Lab.Scenarios;

/// <summary>Everything is taken away again.</summary>
internal static class RemovalSteps
{
    public static Section Section { get; } = new("Removed: the machine is as it was",
    [
        new("remove-succeeds", "`remove` takes everything away, and leaves the service stopped rather than open", RemoveSucceeds),
        new("host-network-unchanged", "Rules, routes, addresses, nftables, settings and resolver are byte for byte as before", HostNetworkUnchanged),
        new("service-is-free-again", "The service starts without confinement, as it did before", ServiceIsFreeAgain),
    ]);

    private static Verdict RemoveSucceeds(Laboratory laboratory)
    {
        var result = laboratory.RunProduct("remove", "--allow-unconfine");
        if (!result.Succeeded)
        {
            return Verdict.Fail(result.Summary);
        }

        var state = laboratory.Machine.UnitState(laboratory.Downloader.Unit);
        string[] places =
        [
            $"/run/netns/{Laboratory.Namespace}", $"/etc/systemd/system/{Laboratory.TunnelUnit}", $"/etc/systemd/system/{laboratory.Downloader.Unit}.d",
            "/etc/systemd/system/vpn-confinement-netns@.service", $"/var/lib/vpn-confinement/namespaces/{Laboratory.Namespace}",
        ];
        var left = places.Where(place => Path.Exists(laboratory.Machine.Root + place)).ToList();
        return Verdict.When(left.Count == 0 && state != "active", left.Count == 0 ? $"the service is {state}" : $"left behind: {string.Join(", ", left)}");
    }

    private static Verdict HostNetworkUnchanged(Laboratory laboratory)
    {
        if (laboratory.Before is not { } before)
        {
            return Verdict.Inconclusive("nothing was recorded before");
        }

        var difference = before.Difference(NetworkSnapshot.Take(laboratory.Machine));
        return difference is null ? Verdict.Pass($"{before.Bytes / 1024} KiB compared") : Verdict.Fail(difference);
    }

    private static Verdict ServiceIsFreeAgain(Laboratory laboratory)
    {
        laboratory.Machine.Run("systemctl", "start", laboratory.Downloader.Unit).OrThrow();
        var seen = laboratory.Downloader.Get(Addresses.Web);
        return Verdict.When(seen.Value == $"{Addresses.Machine}", $"the world sees {seen}");
    }
}
