using System.Globalization;
using System.Text;
using VpnConfinement.Watch;

namespace VpnConfinement.Linux.Systemd;

/// <summary>Entries of the journal with fields of their own, by its native protocol (https://systemd.io/JOURNAL_NATIVE_PROTOCOL).</summary>
/// <param name="ns">The namespace that they are about.</param>
/// <param name="interfaceName">Its WireGuard interface, or null.</param>
internal sealed class Journal(string ns, string? interfaceName)
{
    /// <summary>syslog(3): LOG_ERR.</summary>
    internal const int Error = (int)EntryPriority.Error;

    /// <summary>syslog(3): LOG_WARNING.</summary>
    internal const int Warning = (int)EntryPriority.Warning;

    /// <summary>syslog(3): LOG_INFO.</summary>
    internal const int Info = (int)EntryPriority.Info;

    private const string Path = "/run/systemd/journal/socket";

    /// <summary>Writes an entry; where the journal does not take it, standard error does.</summary>
    /// <param name="priority">One of the constants here.</param>
    /// <param name="what">Value of the field VPNC_EVENT, a word that stays the same.</param>
    /// <param name="message">A sentence.</param>
    /// <param name="unit">Value of VPNC_UNIT, the unit that it is about, or null.</param>
    /// <param name="milliseconds">Value of VPNC_MILLISECONDS, how long it took, or null.</param>
    /// <param name="from">The unit that tells, or null. The journal cannot find that out of a program that has ended by the time it reads.</param>
    internal void Write(int priority, string what, string message, string? unit = null, long? milliseconds = null, string? from = null)
    {
        var entry = new StringBuilder();
        Add(entry, "MESSAGE", message);
        Add(entry, "PRIORITY", priority.ToString(CultureInfo.InvariantCulture));
        Add(entry, "SYSLOG_IDENTIFIER", "vpn-confinement");
        Add(entry, "VPNC_NAMESPACE", ns);
        Add(entry, "VPNC_INTERFACE", interfaceName);
        Add(entry, "VPNC_EVENT", what);
        Add(entry, "VPNC_UNIT", unit);
        Add(entry, "VPNC_MILLISECONDS", milliseconds?.ToString(CultureInfo.InvariantCulture));

        // By this 'journalctl -u' shows it with each of them (journalctl(1): messages that root logs about a unit).
        Add(entry, "OBJECT_SYSTEMD_UNIT", unit);
        Add(entry, "OBJECT_SYSTEMD_UNIT", from);
        if (!UnixDatagram.TrySend(Path, entry.ToString()))
        {
            Console.Error.WriteLine(message);
        }
    }

    private static void Add(StringBuilder entry, string field, string? value)
    {
        if (value is not null)
        {
            entry.Append(field).Append('=').Append(value.ReplaceLineEndings(" ")).Append('\n');
        }
    }
}
