using System.Net;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Compile.Systemd;

/// <summary>
/// Sockets of the host that lead to ports in a namespace (option <c>publish</c>). systemd holds the host's socket and hands it to a forwarder inside
/// the namespace, which connects to the loopback address there: no packet ever crosses, and the confined service never sees the host's descriptor.
/// </summary>
internal static class PublishUnits
{
    private const string IdleTime = "1min";

    /// <summary>The files, for each port in the namespace: a socket unit, a forwarder, and what starts the socket at boot.</summary>
    internal static IEnumerable<GeneratedFile> Compile(string socketProxy, ConfinedNamespace ns) =>
        ns.Publish.GroupBy(p => p.To).OrderBy(g => g.Key).SelectMany(g => Compile(socketProxy, ns, g.Key, [.. g.Select(p => p.Listen)]));

    /// <summary>The socket units, in ordinal order.</summary>
    internal static IReadOnlyList<string> Sockets(ConfinedNamespace ns) =>
        [.. ns.Publish.Select(p => StateLayout.PublishSocket(ns.Name.ToString(), p.To)).Distinct().Order(StringComparer.Ordinal)];

    private static IEnumerable<GeneratedFile> Compile(string socketProxy, ConfinedNamespace ns, ushort to, IReadOnlyList<ListenAddress> listens)
    {
        var name = ns.Name.ToString();
        var socket = StateLayout.PublishSocket(name, to);
        yield return GeneratedUnits.File(socket, Socket(name, to, listens), name, socket);
        yield return GeneratedUnits.File(StateLayout.ForwarderOf(socket), Forwarder(socketProxy, name, to, socket), name, socket);
        yield return GeneratedUnits.File($"sockets.target.d/{socket[..^".socket".Length]}.conf", AtBoot(socket), name, socket);
    }

    private static UnitFileWriter Socket(string ns, ushort to, IReadOnlyList<ListenAddress> listens)
    {
        var unit = GeneratedUnits.Begin($"Published port {to} of namespace {ns}");
        unit.Section("Socket");
        foreach (var listen in listens)
        {
            unit.Add("ListenStream", Text(listen));
        }

        // An address that the host has only later, by DHCP for one.
        unit.Add("FreeBind", "yes");
        unit.Add("BindIPv6Only", "both");

        // As open as a port of the loopback address: who may enter its folder may use it.
        unit.Add("SocketMode", "0666");
        unit.Add("RemoveOnStop", "yes");

        // Callers that nobody could be found for are turned away, and not handed to the next try for ever.
        unit.Add("FlushPending", "yes");
        if (listens.All(IsLocal))
        {
            LocalOnly(unit);
        }

        return unit;
    }

    private static UnitFileWriter Forwarder(string socketProxy, string ns, ushort to, string socket)
    {
        var netns = StateLayout.NetnsUnit(ns);
        var unit = GeneratedUnits.Begin($"Forwarder to port {to} of namespace {ns}");

        // The socket too: systemd starts no socket beside its running service, so a restart of it has to take this along.
        unit.Add("Requires", $"{netns} {socket}");
        unit.Add("BindsTo", netns);
        unit.Add("After", netns);
        unit.Section("Service");
        // Not "notify": that of systemd 252 never says that it is ready.
        unit.Add("Type", "exec");
        unit.Add("ExecStart", $"{UnitValue.Quote(socketProxy)} --exit-idle-time={IdleTime} 127.0.0.1:{to}");
        unit.Add("NetworkNamespacePath", StateLayout.Netns(ns));
        unit.Add("DynamicUser", "yes");
        GeneratedUnits.LeastPrivilege(unit, "");
        unit.Add("AmbientCapabilities", "");
        unit.Add("MemoryDenyWriteExecute", "yes");
        unit.Add("PrivateDevices", "yes");
        unit.Add("PrivateTmp", "yes");
        unit.Add("ProtectClock", "yes");
        unit.Add("ProtectControlGroups", "yes");
        unit.Add("ProtectHome", "yes");
        unit.Add("ProtectHostname", "yes");
        unit.Add("ProtectKernelLogs", "yes");
        unit.Add("ProtectKernelModules", "yes");
        unit.Add("ProtectKernelTunables", "yes");
        unit.Add("ProtectProc", "invisible");
        unit.Add("ProtectSystem", "strict");
        unit.Add("RestrictAddressFamilies", "AF_UNIX AF_INET");
        unit.Add("RestrictNamespaces", "yes");
        unit.Add("SystemCallFilter", "@system-service");
        unit.Add("SystemCallFilter", "~@privileged @resources @keyring io_uring_enter io_uring_register io_uring_setup");
        LocalOnly(unit);
        return unit;
    }

    // A drop-in, because a link in sockets.target.wants would be the one thing in the tree that is no file.
    private static UnitFileWriter AtBoot(string socket)
    {
        var unit = new UnitFileWriter(OwnHeader.Text + GeneratedUnits.HeaderNote);
        unit.Section("Unit");
        unit.Add("Wants", socket);
        return unit;
    }

    // What the sockets that are made here may talk to, should the program ever be turned against us (systemd.resource-control(5)).
    private static void LocalOnly(UnitFileWriter unit)
    {
        unit.Add("IPAddressDeny", "any");
        unit.Add("IPAddressAllow", "localhost");
    }

    private static bool IsLocal(ListenAddress listen) => listen switch
    {
        ListenAddress.Tcp tcp => IPAddress.IsLoopback(tcp.EndPoint.Address),
        ListenAddress.AnyTcp => false,
        ListenAddress.Unix => true,
        _ => throw new InvalidOperationException("an address of an unknown kind"),
    };

    // systemd takes the whole line as it is, but for specifiers.
    private static string Text(ListenAddress listen) => listen switch
    {
        ListenAddress.Tcp tcp => tcp.EndPoint.ToString(),
        ListenAddress.AnyTcp any => $"{any.Port}",
        ListenAddress.Unix unix => unix.Path.Replace("%", "%%", StringComparison.Ordinal),
        _ => throw new InvalidOperationException("an address of an unknown kind"),
    };
}
