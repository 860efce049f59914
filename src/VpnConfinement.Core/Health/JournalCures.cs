using VpnConfinement.Config;
using VpnConfinement.Text;

namespace VpnConfinement.Health;

/// <summary>
/// Options that cure what services say in the journal when the confinement keeps them from starting. What they say is
/// their own: no cure gives a way out of the tunnel or a capability.
/// </summary>
public static class JournalCures
{
    private const string Service = ".service";

    // Messages of strerror(3) in the C locale: EAFNOSUPPORT and EROFS.
    private const string NoFamily = "Address family not supported by protocol";
    private const string ReadOnly = "Read-only file system";

    /// <summary>The cures for some lines, each once; none for a unit that is no service.</summary>
    /// <param name="unit">The full name of the unit.</param>
    /// <param name="lines">Lines of its journal.</param>
    public static IReadOnlyList<string> Of(string unit, IReadOnlyList<string> lines)
    {
        if (!unit.EndsWith(Service, StringComparison.Ordinal))
        {
            return [];
        }

        var table = $"[services.{TomlKey.Of(Visible.Text(unit[..^Service.Length]))}.vpn]";
        List<string> cures = [];
        if (Says(NoFamily))
        {
            cures.Add($"if it opens IPv6 sockets, write extraAddressFamilies = [\"AF_INET6\"] under {table}");
        }

        if (Says(ReadOnly))
        {
            cures.Add($"name the folder that it writes in writePaths = [\"/FOLDER\"] under {table}");
        }

        return cures;

        bool Says(string words) => lines.Any(l => l.Contains(words, StringComparison.Ordinal));
    }
}
