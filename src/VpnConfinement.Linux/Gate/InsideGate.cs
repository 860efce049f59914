using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Gate;

/// <summary>
/// Looks from inside a service's own sandbox, as its own user, before each command of it (S-27): the network namespace is the one that
/// was made, the resolver files are those that were pinned, and nothing of the host's /run can be reached. Needs no privilege.
/// </summary>
public static class InsideGate
{
    /// <summary>Checks.</summary>
    /// <param name="arguments">Namespace and unit, then what is pinned, as the drop-in has it.</param>
    /// <exception cref="SystemFailure">The service may not start.</exception>
    public static void Check(string[] arguments)
    {
        if (arguments is not [var ns, var unit, .. var pins] || !NamespaceName.TryParse(ns, out _))
        {
            throw new SystemFailure("the start gate needs the name of a namespace and a unit", "run 'vpn-confinement apply'");
        }

        // systemd leaves a dependency out whose name would be too long.
        if (StateLayout.GateUnit(ns, unit).Length > UnitName.MaxLength)
        {
            throw Refused(unit, $"its name is too long for its start gate's, which may have {UnitName.MaxLength} characters");
        }

        CheckNetns(ns, unit);
        var ipc = pins.Contains(GateWords.HostResolverIpc, StringComparer.Ordinal);
        foreach (var pin in pins)
        {
            switch (pin.Split('='))
            {
                case ["--resolv-conf", var hash]:
                    CheckPinned(unit, "/etc/resolv.conf", hash);
                    break;
                case ["--nsswitch-conf", var hash]:
                    CheckPinned(unit, "/etc/nsswitch.conf", hash);
                    break;
                case [GateWords.PrivateRun]:
                    CheckRun(unit, ipc);
                    break;
                case [GateWords.HostResolverIpc]:
                    break;
                default:
                    throw Refused(unit, $"its gate was given '{pin}', which this program does not know");
            }
        }
    }

    /// <summary>
    /// Ends this program by a signal, which systemd takes for a failed command. An exit status, 255 included, is a
    /// success where the unit's SuccessExitStatus= names it (systemd.service(5)). Of signals, the one that no program ends by. Comes back where the service's own
    /// SystemCallFilter= forbids it, and in a process namespace (PrivatePIDs=), whose first process no signal of its own ends.
    /// </summary>
    public static void Refuse() => _ = Libc.kill(Environment.ProcessId, LibcConstants.SIGRTMAX);

    private static void CheckNetns(string ns, string unit)
    {
        var marker = StateFile.Read(StateLayout.NetnsMarker(ns));
        if (marker is null || !NetnsIdentity.TryParse(marker, out var applied))
        {
            throw Refused(unit, $"{StateLayout.NetnsMarker(ns)}, by which namespace {ns} is known, cannot be read in it");
        }

        var own = ProcessNetns.Of(Environment.ProcessId, out _);
        if (own != applied)
        {
            throw Refused(unit, $"it is in network namespace {own?.ToString() ?? "(not known)"} and not in {ns} ({applied})");
        }
    }

    private static void CheckPinned(string unit, string path, string hash)
    {
        if (StateFile.Read(path) is not { } text || ContentHash.Of(text) != hash)
        {
            throw Refused(unit, $"the {path} that it sees is not the pinned one");
        }
    }

    private static void CheckRun(string unit, bool ipc)
    {
        if (HiddenSockets.Reachable(ipc).FirstOrDefault() is { } path)
        {
            throw Refused(unit, $"it sees {path} of the host, by which names are looked up, or work is done, outside the namespace");
        }
    }

    private static SystemFailure Refused(string unit, string reason) =>
        new($"{unit} may not start: {reason}", $"see 'systemctl cat {unit}' for what undoes its confinement, then run 'vpn-confinement apply'");
}
