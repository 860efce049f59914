using VpnConfinement.Compile;
using VpnConfinement.Compile.Nftables;
using VpnConfinement.Compile.Systemd;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Netlink.Route;
using VpnConfinement.Linux.Netlink.WireGuard;
using VpnConfinement.Linux.Nftables;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Apply;

/// <summary>What must be there before anything is changed. Everything that is missing is found here and not by a service that does not start.</summary>
public static class Preflight
{
    /// <summary>Checks, without changing anything on the host.</summary>
    /// <exception cref="SystemFailure">nftables, a WireGuard, the forwarder of published ports or a key is missing, or the kernel refuses a ruleset.</exception>
    public static void Run(CompiledTree tree)
    {
        CheckUnitNames(tree, new UnitFiles("/"));
        CheckSocketPaths(tree.SocketPaths);
        var copied = tree.Keys.Select(k => k.Path).ToHashSet(StringComparer.Ordinal);
        foreach (var plan in tree.Plans)
        {
            CheckRuleset(tree, plan);
            CheckKeys(plan.WireGuard, copied);
        }

        if (tree.Namespaces.Any(n => n.Published.Count > 0) && SocketProxy.In("/") is null)
        {
            throw new SystemFailure("systemd-socket-proxyd, which forwards published ports, was not found", "install systemd whole, or take the 'publish' entries out");
        }

        foreach (var implementation in tree.Plans.Select(p => p.WireGuard.Implementation).Distinct())
        {
            CheckImplementation(implementation);
        }
    }

    /// <summary>Refuses a unit of somebody else's that ours would hide, or that would hide ours.</summary>
    /// <exception cref="SystemFailure">There is one.</exception>
    public static void CheckUnitNames(CompiledTree tree, UnitFiles files)
    {
        var routes = tree.Plans.Select(p => StateLayout.HostRouteUnit(p.Namespace)).ToHashSet(StringComparer.Ordinal);
        var own = tree.Files.Where(f => (f.Unit is null || routes.Contains(f.Unit)) && Path.GetDirectoryName(f.Path) == StateLayout.UnitFolder).Select(f => Path.GetFileName(f.Path)).ToHashSet(StringComparer.Ordinal);
        // A file of an instance's own name counts more than the template.
        foreach (var name in own.Concat(tree.Plans.SelectMany(p => new[] { StateLayout.NetnsUnit(p.Namespace), StateLayout.WatchUnit(p.Namespace) })).Concat(Gates(tree)).Distinct())
        {
            var theirs = files.Places(name).FirstOrDefault(p => !own.Contains(name) || !p.EndsWith($"{StateLayout.UnitFolder}/{name}", StringComparison.Ordinal));
            if (theirs is not null)
            {
                if (new FileInfo(theirs).LinkTarget == "/dev/null")
                {
                    throw new SystemFailure($"{name}, a unit of ours, is masked: {theirs} leads to /dev/null", $"run 'systemctl unmask {name}', then 'vpn-confinement apply'");
                }

                throw new SystemFailure($"{theirs} is a unit of the name of one of ours ({name}), and not ours", "take it out, or write another name for the namespace or its interface");
            }
        }
    }

    private static IEnumerable<string> Gates(CompiledTree tree) =>
        tree.Namespaces.SelectMany(n => n.Units.Where(u => !UnitName.IsTemplateName(u.Name)).Select(u => StateLayout.GateUnit(n.Name, u.Name)));

    /// <summary>Refuses a path that something else than a socket has: systemd would delete it to make room.</summary>
    /// <exception cref="SystemFailure">There is one.</exception>
    public static void CheckSocketPaths(IEnumerable<string> paths)
    {
        foreach (var path in paths.Where(p => Path.Exists(p) || new FileInfo(p).LinkTarget is not null))
        {
            if (!Kernel.Identify(path).IsSocket)
            {
                throw new SystemFailure($"{path} is there and is no socket, and systemd would delete it to listen there", "move it away, or write another path in 'publish'");
            }
        }
    }

    // In a netns that ends with the thread: the kernel judges the real text, and nothing on the host is touched.
    private static void CheckRuleset(CompiledTree tree, NamespacePlan plan)
    {
        var text = tree.Files.First(f => f.Path == StateLayout.Ruleset(plan.Namespace)).Content;
        NetnsThread.RunInNew(() =>
        {
            NftContext.Check(text, $"check the ruleset of namespace {plan.Namespace}");
            if (plan.HostLink is { } link)
            {
                NftContext.Check(HostRuleset.Compile(link), $"check the host's table for namespace {plan.Namespace}");
            }

            if (plan.Pinning is { } pinning)
            {
                NftContext.Check(EndpointPinRuleset.Compile(pinning, plan.WireGuard.Endpoints), $"check the pinning of endpoints of namespace {plan.Namespace}");
            }

            return true;
        });
    }

    private static void CheckKeys(WireGuardPlan plan, HashSet<string> copied)
    {
        foreach (var path in plan.Peers.Select(p => p.PresharedKeyFile).OfType<string>().Append(plan.PrivateKeyFile).Where(p => !copied.Contains(p)))
        {
            if (plan.GeneratePrivateKey && path == plan.PrivateKeyFile && !Path.Exists(path))
            {
                continue; // made once everything else is found to be in order
            }

            // The warning about the file's mode was given when the configuration was checked.
            WireGuardKey.ReadFile(path, path == plan.PrivateKeyFile ? "private key" : "preshared key", _ => { }).Dispose();
        }
    }

    private static void CheckImplementation(WireGuardImplementation implementation)
    {
        var kernel = implementation is not WireGuardImplementation.Userspace && KernelHasWireGuard();
        if (implementation is WireGuardImplementation.Kernel && !kernel)
        {
            throw new SystemFailure("the kernel has no WireGuard, and wireguard.implementation is \"kernel\"", "load the module with 'modprobe wireguard', or write wireguard.implementation = \"auto\" and install the package wireguard-go");
        }

        if (!kernel && UserspaceProgram.Find() is null)
        {
            throw new SystemFailure("there is no WireGuard of any kind: the kernel has none, and wireguard-go is not installed", "install the package wireguard-go, or a kernel with the wireguard module");
        }
    }

    /// <summary>Whether the kernel makes WireGuard links: one is made in a netns that ends with its thread.</summary>
    internal static bool KernelHasWireGuard() => NetnsThread.RunInNew(() =>
    {
        using var socket = NetlinkSocket.OpenHere(NetlinkConstants.NETLINK_ROUTE);
        using var netns = Kernel.Open("/proc/thread-self/ns/net", LibcConstants.O_RDONLY);
        try
        {
            Links.CreateWireGuard(socket, "wgprobe", netns);
            return true;
        }
        catch (SystemFailure e) when (e.Errno == Errno.EOPNOTSUPP)
        {
            return false;
        }
    });
}
