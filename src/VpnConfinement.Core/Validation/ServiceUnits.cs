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

        return [unit.ToString(), .. SocketsOf(unit)];
    }

    /// <summary>The socket units that would start a service by default (systemd.socket(5)): app.socket with Accept=yes starts instances of app@.service.</summary>
    internal static IEnumerable<string> SocketsOf(UnitName unit)
    {
        var stem = unit.ToString()[..^".service".Length];
        var at = stem.IndexOf('@', StringComparison.Ordinal);
        return at < 0 ? [stem + ".socket"] : [stem + ".socket", stem[..at] + ".socket"];
    }
}
