using VpnConfinement.Model;

namespace VpnConfinement.Validation;

/// <summary>Which units have to be looked up for a service.</summary>
internal static class ServiceUnits
{
    internal static IEnumerable<string> NamesToLookUp(string written)
    {
        if (!UnitName.TryParseService(written, out var unit))
        {
            return [];
        }

        return [unit.ToString(), SocketOf(unit)];
    }

    /// <summary>The socket unit that would start a service by default (systemd.socket(5)).</summary>
    internal static string SocketOf(UnitName unit) => unit.ToString()[..^".service".Length] + ".socket";
}
