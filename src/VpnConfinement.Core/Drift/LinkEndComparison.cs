namespace VpnConfinement.Drift;

/// <summary>How one end of a host link differs from what it must be (S-36).</summary>
internal static class LinkEndComparison
{
    private const uint MainTable = 254;

    /// <summary>The differences, each as a sentence.</summary>
    /// <param name="wanted">What it must be.</param>
    /// <param name="seen">What it is; null for none.</param>
    internal static IEnumerable<string> Of(LinkEndSpec wanted, LinkEndState? seen) =>
        seen is null ? [$"{wanted.Title} is gone"] : Clauses(wanted, seen).Select(clause => $"{wanted.Title} {clause}");

    private static IEnumerable<string> Clauses(LinkEndSpec wanted, LinkEndState seen) =>
    [
        .. OfLink(wanted, seen),
        .. Missing(wanted.Address, seen.Addresses),
        .. seen.Addresses.Where(other => other != wanted.Address).Select(other => $"has the address {other}"),
        .. OfRoutes(wanted, seen),
    ];

    private static IEnumerable<string> Missing(string address, IReadOnlyList<string> seen) =>
        seen.Contains(address) ? [] : [$"has not the address {address}"];

    private static IEnumerable<string> OfLink(LinkEndSpec wanted, LinkEndState seen)
    {
        if (seen.Name != wanted.Name)
        {
            yield return $"is called {seen.Name}";
        }

        if (seen.Master is { } master)
        {
            yield return $"is a port of {master}";
        }

        if (seen.HardwareAddress != wanted.HardwareAddress)
        {
            yield return $"has another hardware address ({seen.HardwareAddress ?? "none"})";
        }

        if (seen.Alias != wanted.Alias)
        {
            yield return $"has not the alias {wanted.Alias}, by which it is known as made by us";
        }

        if (seen.Mtu != LinkEndSpec.Mtu)
        {
            yield return $"has the MTU {seen.Mtu} and not {LinkEndSpec.Mtu}";
        }

        if (seen.MakesAddresses)
        {
            yield return "makes IPv6 addresses by itself";
        }

        if (!seen.IsUp)
        {
            yield return "is down";
        }
    }

    // One that is down, or has no address, has no route either: that is said already.
    private static IEnumerable<string> OfRoutes(LinkEndSpec wanted, LinkEndState seen)
    {
        bool IsWanted(LinkRouteState route) =>
            route is { Table: MainTable, IsConnected: true } && route.Destination == wanted.Subnet;
        if (seen.IsUp && seen.Addresses.Contains(wanted.Address) && !seen.Routes.Any(IsWanted))
        {
            yield return $"has no route to {wanted.Subnet}";
        }

        foreach (var route in seen.Routes.Where(route => !IsWanted(route)))
        {
            yield return $"has the route to {route.Destination}"
                + (route.Table == MainTable ? "" : $" (table {route.Table})");
        }
    }
}
