using System.Globalization;
using VpnConfinement.Model;

namespace VpnConfinement.Plan;

/// <summary>Where things lie on a host. Every path that more than one part uses is named here and nowhere else.</summary>
public static class StateLayout
{
    /// <summary>What outlives a boot: plans, rulesets, resolver files, key copies, the manifest. Mode 0755, keys below 0700.</summary>
    public const string StateFolder = OwnFolder.State;

    /// <summary>What is only for this boot: netns markers, records of services to start again, the lock.</summary>
    public const string RunFolder = OwnFolder.Run;

    /// <summary>How the names of units of ours begin, but for those of tunnels.</summary>
    public const string OwnPrefix = "vpn-confinement-";

    /// <summary>Where units and drop-ins are installed.</summary>
    public const string UnitFolder = "/etc/systemd/system";

    /// <summary>Has systemd-networkd leave our links alone; it comes before files that match every link.</summary>
    public const string NetworkdFile = "/etc/systemd/network/05-vpn-confinement.network";

    /// <summary>Has NetworkManager leave our links alone.</summary>
    public const string NetworkManagerFile = "/etc/NetworkManager/conf.d/vpn-confinement.conf";

    /// <summary>The files for daemons of the host: a change of one concerns nothing that is confined.</summary>
    public static IReadOnlyList<string> NetworkDaemonFiles { get; } = [NetworkManagerFile, NetworkdFile];

    /// <summary>Generator of the drop-ins that put the start gate before each command (systemd.generator(7), docs/adr/0012).</summary>
    public const string Generator = "/etc/systemd/system-generators/vpn-confinement";

    /// <summary>The program that looks from inside a service before each of its commands: it lies beside the program itself.</summary>
    /// <param name="binary">Absolute path of the program.</param>
    public static string GateProgram(string binary) => binary + "-gate";

    /// <summary>Copies of keys that came from wg-quick files; 0700, files 0600.</summary>
    public const string SecretFolder = StateFolder + "/secrets";

    /// <summary>What was applied: the files that are ours, with their hashes.</summary>
    public const string Manifest = StateFolder + "/manifest.json";

    /// <summary>Keys that generations have and that are not in place now; 0700, files 0600.</summary>
    public const string FormerKeyFolder = GenerationFolder + "/keys";

    /// <summary>One of them, by the hash of its file.</summary>
    public static string FormerKey(string sha256) => $"{FormerKeyFolder}/{sha256}";

    /// <summary>What was applied before, whole but for the keys, a file for each time: 0700, files 0600.</summary>
    public const string GenerationFolder = StateFolder + "/generations";

    /// <summary>One of them.</summary>
    public static string Generation(int number) => string.Create(CultureInfo.InvariantCulture, $"{GenerationFolder}/{number}");

    /// <summary>What an unconfirmed change goes back to, and when.</summary>
    public const string PendingChange = StateFolder + "/pending.json";

    /// <summary>Unit that goes back.</summary>
    public const string ConfirmUnit = "vpn-confinement-confirm.service";

    /// <summary>Timer of <see cref="ConfirmUnit"/>.</summary>
    public const string ConfirmTimer = "vpn-confinement-confirm.timer";

    /// <summary>Folder of one namespace's compiled files.</summary>
    public static string NamespaceFolder(string ns) => $"{StateFolder}/namespaces/{ns}";

    /// <summary>The plan of a namespace.</summary>
    public static string Plan(string ns) => NamespaceFolder(ns) + "/plan.json";

    /// <summary>The ruleset of a namespace.</summary>
    public static string Ruleset(string ns) => NamespaceFolder(ns) + "/ruleset.nft";

    /// <summary>The resolver file of a namespace.</summary>
    public static string ResolvConf(string ns) => NamespaceFolder(ns) + "/resolv.conf";

    /// <summary>The name service switch file of a namespace.</summary>
    public static string NsswitchConf(string ns) => NamespaceFolder(ns) + "/nsswitch.conf";

    /// <summary>What a command of <c>exec</c> is confined by, in the form of a drop-in.</summary>
    public static string CommandSettings(string ns) => NamespaceFolder(ns) + "/exec.conf";

    /// <summary>The page that <c>verify</c> asks through the tunnel, a line.</summary>
    public static string VerifyUrl(string ns) => NamespaceFolder(ns) + "/verify-url";

    /// <summary>All of the compiled files that a namespace may have.</summary>
    public static IReadOnlyList<string> NamespaceFiles(string ns) =>
        [Plan(ns), Ruleset(ns), ResolvConf(ns), NsswitchConf(ns), CommandSettings(ns), VerifyUrl(ns)];

    /// <summary>
    /// Folder of what belongs to the commands that <c>exec</c> runs now. Others may pass and not list it: one with the
    /// host's <c>/run</c> finds <see cref="CommandSocket"/> in it.
    /// </summary>
    public const string CommandFolder = RunFolder + "/exec";

    /// <summary>The socket over which <c>exec</c> is told that its command starts.</summary>
    /// <param name="id">As in <see cref="CommandUnit"/>, or a specifier for it.</param>
    public static string CommandSocket(string id) => $"{CommandFolder}/{id}.told";

    /// <summary>Transient unit of one command of <c>exec</c>.</summary>
    /// <param name="ns">Its namespace.</param>
    /// <param name="id">16 lower-case hex digits.</param>
    public static string CommandUnit(string ns, string id) => $"{CommandPrefix(ns)}{id}.service";

    /// <summary>Transient unit that ends with the caller of <c>exec</c>, and takes the command's unit along.</summary>
    public static string CallerUnit(string ns, string id) => $"vpn-confinement-caller-{ns}-{id}.service";

    /// <summary>Whether a unit is that of a command in this namespace.</summary>
    public static bool IsCommandUnit(string ns, string unit) =>
        unit.Length == CommandUnit(ns, "").Length + CommandIdLength
        && unit.StartsWith(CommandPrefix(ns), StringComparison.Ordinal)
        && unit.EndsWith(".service", StringComparison.Ordinal)
        && unit[CommandPrefix(ns).Length..^".service".Length].All(c => char.IsAsciiHexDigitLower(c));

    /// <summary>Digits of what tells one command from another.</summary>
    public const int CommandIdLength = 16;

    private static string CommandPrefix(string ns) => $"vpn-confinement-exec-{ns}-";

    /// <summary>The name of a netns, as <c>ip netns</c> has it.</summary>
    public static string Netns(string ns) => "/run/netns/" + ns;

    /// <summary>The marker that says a netns is ours: its text is <c>DEVICE:INODE</c> of the netns, decimal.</summary>
    public static string NetnsMarker(string ns) => $"{RunFolder}/{ns}.netns";

    /// <summary>The kernel's cookie of a netns of ours, decimal: unlike an inode it is never used again. Absent before Linux 5.14.</summary>
    public static string NetnsCookie(string ns) => $"{RunFolder}/{ns}.cookie";

    /// <summary>What was loaded as the ruleset of a netns: by it a later run tells drift.</summary>
    public static string RulesetRecord(string ns) => $"{RunFolder}/{ns}.ruleset";

    /// <summary>What was loaded as the host's table of a host link.</summary>
    public static string HostRulesetRecord(string ns) => $"{RunFolder}/{ns}.host-ruleset";

    /// <summary>The host's end of a host link, by name, written down before the host has routing rules for it.</summary>
    public static string HostLinkRecord(string ns) => $"{RunFolder}/{ns}.host-link";

    /// <summary>
    /// The indexes of both ends of a host link, the host's first, written down when it is made: by them it is known under
    /// whatever name.
    /// </summary>
    public static string HostLinkIndexes(string ns) => $"{RunFolder}/{ns}.host-link-ends";

    /// <summary>The subnets that the host has a route of ours for, one a line, written down before the route is made.</summary>
    public static string HostRouteRecord(string ns) => RunFolder + "/" + ns + HostRouteSuffix;

    /// <summary>How the names of those records end.</summary>
    public const string HostRouteSuffix = ".host-route";

    /// <summary>Why the links of a host link run no filter, where this kernel has none: its own words.</summary>
    public static string UnfilteredRecord(string ns) => $"{RunFolder}/{ns}.unfiltered";

    /// <summary>Unit that makes the route of a host link at boot.</summary>
    public static string HostRouteUnit(string ns) => $"vpn-confinement-host-route-{ns}.service";

    /// <summary>Which WireGuard serves a namespace, and by what name a userspace one is reached.</summary>
    public static string WireGuardRecord(string ns) => $"{RunFolder}/{ns}.wireguard";

    /// <summary>What was loaded as the table that pins the endpoints of a namespace.</summary>
    public static string PinRecord(string ns) => $"{RunFolder}/{ns}.pin-ruleset";

    /// <summary>In which netns that table is, by name, written down before it is loaded: <see cref="HostPlace"/> for the host's.</summary>
    public static string PinPlace(string ns) => $"{RunFolder}/{ns}.pin-place";

    /// <summary>The addresses that the names of endpoints last had. For this boot only: after it they may be somebody else's (docs/adr/0008).</summary>
    public static string EndpointRecord(string ns) => $"{RunFolder}/{ns}.endpoints";

    /// <summary>
    /// Locks, where nobody else can take one: whoever may open a file or a folder may lock it (flock(2)). Mode 0700.
    /// </summary>
    public const string LockFolder = RunFolder + "/locks";

    /// <summary>The lock of what changes the whole system.</summary>
    public const string ApplyLock = LockFolder + "/apply";

    /// <summary>The lock of what names a netns.</summary>
    public const string NamesLock = LockFolder + "/names";

    /// <summary>Held by a live leak test, whose probes are processes of services while it runs.</summary>
    public const string VerifyLock = LockFolder + "/verify";

    /// <summary>The lock that the commands of one namespace's units hold while they act.</summary>
    public static string NamespaceLock(string ns) => $"{LockFolder}/ns-{ns}";

    /// <summary>The environment file other units can read (<c>VPN_NAMESPACE</c> and the rest).</summary>
    public static string EnvironmentFile(string ns) => $"{RunFolder}/{ns}.env";

    /// <summary>The services that went down with the tunnel and come back with it, a line each.</summary>
    public static string ReturnRecord(string ns) => $"{RunFolder}/{ns}.return";

    /// <summary>What the watcher of a namespace found by looking at its counters over time.</summary>
    public static string HealthRecord(string ns) => $"{RunFolder}/{ns}.health";

    /// <summary>How records name the host's netns; no namespace may have this name.</summary>
    public const string HostPlace = "init";

    /// <summary>Unit that pins the endpoints of a namespace.</summary>
    public static string PinUnit(string ns) => $"vpn-confinement-endpoint-pinning@{ns}.service";

    /// <summary>Unit that looks up the names of endpoints again.</summary>
    public static string RefreshUnit(string interfaceName) => $"wireguard-{interfaceName}-refresh.service";

    /// <summary>Timer of <see cref="RefreshUnit"/>.</summary>
    public static string RefreshTimer(string interfaceName) => $"wireguard-{interfaceName}-refresh.timer";

    /// <summary>Unit that makes the netns.</summary>
    public static string NetnsUnit(string ns) => $"vpn-confinement-netns@{ns}.service";

    /// <summary>Template of the start gates of a namespace's units.</summary>
    public static string GateTemplate(string ns) => GateUnit(ns, "");

    /// <summary>Start gate of one unit: it runs before each start of it (docs/adr/0012).</summary>
    /// <param name="ns">Its namespace.</param>
    /// <param name="unit">The unit's full name, or <c>%n</c> where it is written in the unit's own drop-in.</param>
    public static string GateUnit(string ns, string unit) => $"vpn-confinement-gate-{ns}@{unit}.service";

    /// <summary>Unit that makes the WireGuard link.</summary>
    public static string WireGuardUnit(string interfaceName) => $"wireguard-{interfaceName}.service";

    /// <summary>Socket unit of the host that leads to a port in a namespace. The port ends the name, so no two of them are the same.</summary>
    public static string PublishSocket(string ns, ushort to) => $"vpn-confinement-publish-{ns}-{to}.socket";

    /// <summary>The port in the namespace that such a unit leads to; null where the name is no such unit's.</summary>
    public static ushort? PublishedPort(string publishSocket) =>
        publishSocket.EndsWith(".socket", StringComparison.Ordinal)
        && ushort.TryParse(
            publishSocket[(publishSocket.LastIndexOf('-') + 1)..^".socket".Length], NumberStyles.None,
            CultureInfo.InvariantCulture, out var port)
            ? port
            : null;

    /// <summary>The forwarder that a publishing socket unit starts.</summary>
    public static string ForwarderOf(string publishSocket) => publishSocket[..^".socket".Length] + ".service";

    /// <summary>Unit that watches a namespace for changes from outside.</summary>
    public static string WatchUnit(string ns) => $"vpn-confinement-watch@{ns}.service";

    /// <summary>Unit that records which services a tunnel takes down.</summary>
    public static string ReturnUnit(string ns) => $"vpn-confinement-return@{ns}.service";
}
