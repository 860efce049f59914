using VpnConfinement.State;

namespace VpnConfinement.Validation;

/// <summary>Paths at which a unit or a configuration means something below /run.</summary>
internal static class RunPath
{
    /// <summary>A path as systemd means it: %t is /run for services of the system (systemd.unit(5), "Specifiers"); doubled slashes and dots lead to the same place.</summary>
    internal static string Plain(string path)
    {
        var expanded = path.Replace("%t", "/run", StringComparison.Ordinal);
        if (!expanded.StartsWith('/'))
        {
            return expanded;
        }

        var parts = new List<string>();
        foreach (var part in expanded.Split('/', StringSplitOptions.RemoveEmptyEntries).Where(p => p != "."))
        {
            if (part != "..")
            {
                parts.Add(part);
            }
            else if (parts.Count > 0)
            {
                parts.RemoveAt(parts.Count - 1);
            }
        }

        return "/" + string.Join('/', parts);
    }

    /// <summary>The place that a plain path leads to: /var/run is a link to /run.</summary>
    internal static string Real(string path) =>
        path == "/var/run" || path.StartsWith("/var/run/", StringComparison.Ordinal) ? path["/var".Length..] : path;

    /// <summary>A unit's PIDFile= as a path below /run; null where it has none there.</summary>
    internal static string? PidFile(UnitSettings settings)
    {
        if (settings.Last("Service", "PIDFile") is not { } written)
        {
            return null;
        }

        var path = Real(Plain(written.StartsWith('/') || written.StartsWith("%t", StringComparison.Ordinal) ? written : "/run/" + written));
        return path.StartsWith("/run/", StringComparison.Ordinal) ? path["/run/".Length..] : null;
    }
}
