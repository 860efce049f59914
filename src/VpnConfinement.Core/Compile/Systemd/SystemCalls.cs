using VpnConfinement.Model;

namespace VpnConfinement.Compile.Systemd;

/// <summary>
/// System calls that no confined service has, whatever its profile and its unit say (S-33, docs/adr/0015): those by which
/// it gets sockets that RestrictAddressFamilies= does not see, and those by which the kernel runs a program of the host.
/// </summary>
internal static class SystemCalls
{
    // Programs take it for a kernel or a container without the call, and do without.
    private const string Error = "EPERM";

    // By name and not as @keyring, so that what systemd has loaded can be compared.
    private static readonly string[] Keyring = ["add_key", "keyctl", "request_key"];
    private static readonly string[] IoUring = ["io_uring_enter", "io_uring_register", "io_uring_setup"];

    /// <summary>Adds the lines, behind every other line about system calls.</summary>
    /// <param name="unit">The drop-in.</param>
    /// <param name="service">The service.</param>
    /// <param name="isStrict">Whether its profile has a filter for units without one.</param>
    internal static void Add(UnitFileWriter unit, ConfinedService service, bool isStrict)
    {
        if (!service.Allow.Contains(IsolationOptOut.ForeignArchitectures))
        {
            // Lists add up: without the empty line those of the unit's own would stay.
            unit.Add("SystemCallArchitectures", "");
            unit.Add("SystemCallArchitectures", "native");
        }

        var refused = Refused(service).ToList();
        if (LeavesErrorNumber(service) && (isStrict || refused.Count > 0))
        {
            unit.Add("SystemCallErrorNumber", Error);
        }

        if (refused.Count > 0)
        {
            unit.Add("SystemCallFilter", "~" + string.Join(' ', refused.Select(call => call + Suffix(service))));
        }
    }

    private static bool LeavesErrorNumber(ConfinedService service) =>
        service.SystemCallErrorNumber is null && !service.OwnSettings.Contains("SystemCallFilter");

    private static IEnumerable<string> Refused(ConfinedService service) =>
        (service.Allow.Contains(IsolationOptOut.Keyring) ? [] : Keyring)
            .Concat(service.Allow.Contains(IsolationOptOut.IoUring) ? [] : IoUring);

    // An error at each call wins over the unit's own SystemCallErrorNumber=, which would kill or say something else. Where
    // that is EPERM as well, systemd 252 does not start a unit with an allow list: there the calls stand alone.
    private static string Suffix(ConfinedService service) =>
        LeavesErrorNumber(service) || service.SystemCallErrorNumber is Error or "1" ? "" : ":" + Error;
}
