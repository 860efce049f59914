using VpnConfinement.Compile.Resolver;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Compile.Systemd;

/// <summary>The drop-in that confines a service: attachment (S-1), resolver (S-4) and hardening.</summary>
public static class ServiceDropIn
{
    /// <summary>File name of the drop-in. It sorts after other names, so that its settings are the last word.</summary>
    public const string FileName = "zzzz-vpn-confinement.conf";

    /// <summary>The private /run of a service under strict DNS, as TemporaryFileSystem= has it; one with a PIDFile= in /run has a folder bound there.</summary>
    public const string PrivateRunMount = "/run:ro";

    // Where the managers and buses of the host's users listen.
    private const string UserFolders = "/run/user";

    // By the unit's full name, which is an instance's own where the drop-in is a template's.
    private const string PrivateRun = "vpn-confinement-%n";

    /// <summary>Where the drop-in of a unit lies on the host.</summary>
    public static string PathOf(string unit) => $"{StateLayout.UnitFolder}/{unit}.d/{FileName}";

    /// <summary>The drop-in of one service.</summary>
    public static GeneratedFile Compile(string binary, ConfinedNamespace ns, ConfinedService service)
    {
        var name = ns.Name.ToString();
        var unit = new UnitFileWriter(OwnHeader.Text + GeneratedUnits.HeaderNote);
        Attachment.Add(unit, ns, service.OnTunnelLoss);
        unit.Section("Service");
        unit.Add("NetworkNamespacePath", StateLayout.Netns(name));
        Resolver(unit, ns, service, notifies: true);
        Masks.Add(unit, service);
        StartGate.AddNeeds(unit, binary, ns, service);
        Hardening.Add(unit, ns.IPv6, service);
        BindPorts(unit, ns, service);
        StartGate.AddCommand(unit, binary, ns);
        return GeneratedUnits.File($"{service.Unit}.d/{FileName}", unit, name, service.Unit.ToString());
    }

    // A private /run hides every resolver helper of the host at once (nscd, D-Bus, varlink, avahi, container engines) and cannot be undone by
    // the host replacing what is under a bind mount. What a service needs of /run is bound back by name. Compat contains no DNS at all.
    internal static void Resolver(
        UnitFileWriter unit, ConfinedNamespace ns, ConfinedService service, bool notifies)
    {
        var strict = ns.DnsMode == DnsMode.Strict;
        if (HasPrivateRunMount(ns, service))
        {
            unit.Add("TemporaryFileSystem", PrivateRunMount);
        }
        else if (strict)
        {
            unit.Add("RuntimeDirectory", PrivateRun);
            unit.Add("BindPaths", $"/run/{PrivateRun}:/run");
            unit.Add("PIDFile", UnitValue.WithSpecifiers($"/run/{PrivateRun}/{service.PidFile}"));
        }

        foreach (var pin in ResolverFiles.Pinned(ns))
        {
            unit.Add("BindReadOnlyPaths", $"{pin.Source}:{pin.Target}");
        }

        if (!strict)
        {
            // A user's manager runs what its user asks for on the host's network, and takes a service with that user
            // at its word (S-37).
            unit.Add("InaccessiblePaths", "-" + UserFolders);
            return;
        }

        if (notifies)
        {
            unit.Add("BindReadOnlyPaths", "-/run/systemd/notify");
        }

        unit.Add("BindReadOnlyPaths", "-/run/systemd/journal");
        if (ns.AllowHostResolverIpc)
        {
            unit.Add("BindReadOnlyPaths", "-/run/nscd");
            unit.Add("BindReadOnlyPaths", "-/run/dbus/system_bus_socket");
        }

        RunFolders(unit, service);
        foreach (var folder in service.MadeRunFolders)
        {
            unit.Add("RuntimeDirectory", UnitValue.Literal(folder));
            unit.Add("BindPaths", UnitValue.Literal("/run/" + folder));
        }

        foreach (var path in service.RunPaths.Except(service.MadeRunFolders.Select(f => "/run/" + f)))
        {
            unit.Add("BindPaths", "-" + UnitValue.Literal(path));
        }
    }

    /// <summary>
    /// A PIDFile= is written by the service and read by systemd, which does not see a private /run. One that lies in a folder of its own works with
    /// that folder bound back. For one in /run itself, a folder of the host that systemd makes and removes with the service takes the place of /run
    /// in it, under both eyes: commands of a reload and a stop find the file as well. Clearing PIDFile= instead would leave those without it. Of a
    /// tmpfs and a bind on one path systemd 252 takes the tmpfs, so there is none then.
    /// </summary>
    private static bool HasPidFileInRun(ConfinedService service) => service.PidFile?.Contains('/', StringComparison.Ordinal) == false;

    /// <summary>Whether systemd has to have a <see cref="PrivateRunMount"/> for the service.</summary>
    internal static bool HasPrivateRunMount(ConfinedNamespace ns, ConfinedService service) => ns.DnsMode == DnsMode.Strict && !HasPidFileInRun(service);

    // Links of RuntimeDirectory= are made by systemd, in here as well.
    private static void RunFolders(UnitFileWriter unit, ConfinedService service)
    {
        foreach (var directory in service.RuntimeDirectories)
        {
            unit.Add("BindPaths", UnitValue.WithSpecifiers("/run/" + directory));
        }

        if (service.PidFile is { } file && file.LastIndexOf('/') is var slash and > 0
            && !service.RuntimeDirectories.Any(d => HostPath.IsBelow(file, d)))
        {
            unit.Add("BindPaths", "-" + UnitValue.WithSpecifiers("/run/" + file[..slash]));
        }
    }

    // Before systemd 256 a deny list without an allow list allowed every bind: without ports, one that the ruleset lets nobody reach stands in.
    private static void BindPorts(UnitFileWriter unit, ConfinedNamespace ns, ConfinedService service)
    {
        if (!service.RestrictBind)
        {
            return;
        }

        var tcp = (ns.HostLink?.TcpPorts ?? []).Concat(ns.FromTunnelTcp).Concat(ns.Publish.Select(p => p.To)).Distinct().Order().Select(p => $"tcp:{p}");
        var ports = tcp.Concat(ns.FromTunnelUdp.Distinct().Order().Select(p => $"udp:{p}")).DefaultIfEmpty("ipv4:tcp:1");
        if (service.OwnSettings.Contains("SocketBindAllow"))
        {
            // An allow list adds up and wins over every deny list.
            unit.Add("SocketBindAllow", "");
        }

        foreach (var port in ports)
        {
            unit.Add("SocketBindAllow", port);
        }

        unit.Add("SocketBindDeny", "any");
    }
}
