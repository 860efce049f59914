using System.Globalization;
using System.Text.RegularExpressions;
using VpnConfinement.Lab.Capture;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Processes;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests.Faults;

/// <summary>A machine with services that never stop sending, on which runs of the program are ended or made to fail.</summary>
public sealed partial class FaultMachine : IDisposable
{
    internal const string Units = "/etc/systemd/system";
    internal const string State = "/var/lib/vpn-confinement";

    private const string Trace = "/run/fault.trace";
    private const string Systemctl = "/usr/bin/systemctl";
    private const string OwnSystemctl = "/root/systemctl";

    // A handshake that was lost is tried again after five seconds.
    private static readonly TimeSpan Patience = LabHost.Patience(60);

    /// <summary>Ports that the services send to, by which they are known on the wire.</summary>
    private static readonly Dictionary<string, int> Ports = new(StringComparer.Ordinal) { [FaultConfig.Always] = 47070, ["first"] = 47071, ["second"] = 47072 };

    private string _otherKeyFile = "";
    private string _providerFile = "";

    public FaultMachine()
    {
        Host = new BadHostFixture(isShared: true);
        try
        {
            SetUp();
        }
        catch
        {
            Host.Dispose();
            throw;
        }
    }

    public BadHostFixture Host { get; }

    public Laboratory Laboratory => Host.Laboratory;

    internal static IEnumerable<string> Services => Ports.Keys;

    internal static string AllServices => string.Join(' ', Services);

    /// <summary>
    /// False from a fault on, until the change is complete and nothing else is: what comes after one that failed begins on
    /// another machine.
    /// </summary>
    internal bool IsGood { get; set; } = true;

    public void Dispose() => Host.Dispose();

    internal void Configure(FaultConfig config)
    {
        Host.Write(Laboratory.ConfigFile, config.Text);
        Host.Write(Laboratory.ProviderFile, config.Works ? _providerFile : _otherKeyFile);
    }

    /// <summary>Brings about what a change begins from.</summary>
    internal void Begin(FaultChange change)
    {
        if (!IsGood)
        {
            Host.Renew();
            SetUp();
        }

        IsGood = false;
        BringAbout(change);
        IsGood = true;
    }

    private void BringAbout(FaultChange change)
    {
        if (change.From is null || change.To is null)
        {
            // What is kept of earlier changes would be files more to delete.
            Host.Product([.. FaultChange.Remove]).OrThrow();
        }

        if (change.From is not { } config)
        {
            Host.Shell($"systemctl reset-failed; systemctl start {AllServices}").OrThrow();
            return;
        }

        if (change.Earlier is { } earlier)
        {
            Configure(earlier);
            Host.Product([.. FaultChange.Apply]).OrThrow();
        }

        Configure(config);
        Host.Product([.. change.FromVerb]).OrThrow();
        Host.Shell($"systemctl start {FaultConfig.Always} {config.Other}; systemctl stop {string.Join(' ', Services.Where(s => !config.Confines(s)))}").OrThrow();
    }

    /// <summary>Takes away what a fault has put into place.</summary>
    /// <exception cref="InvalidOperationException">It stays; what begins next does so on another machine.</exception>
    internal void End(FaultPoint point)
    {
        if (Host.Shell(point.End) is { Succeeded: false } failed)
        {
            IsGood = false;
            throw new InvalidOperationException(
                $"{BadHostFixture.Test} left {point.Call}; what begins next gets another machine: {failed.Summary}");
        }
    }

    /// <summary>The arguments that bring a change about, once its configuration is written.</summary>
    internal string[] Arguments(FaultChange change)
    {
        if (change.To is { } config)
        {
            Configure(config);
        }

        return [.. change.Verb];
    }

    /// <summary>Runs the program with nothing injected, and gives what it called.</summary>
    internal string Traced(FaultChange change)
    {
        Strace([], Arguments(change)).OrThrow();
        return Host.Read(Trace);
    }

    /// <summary>The same for the messages that it sent.</summary>
    internal string TracedMessages(FaultChange change)
    {
        Host.Shell($"exec {MessageCommand(0, Arguments(change))}").OrThrow();
        return Host.Read(FaultMessages.Counted);
    }

    /// <summary>Runs the program with a fault injected.</summary>
    /// <param name="hit">The line of the call that was hit; null where the run never came to it.</param>
    internal CommandResult Run(FaultChange change, FaultPoint point, out string? hit)
    {
        IsGood = false;
        var arguments = Arguments(change);
        if (point.IsMessage)
        {
            var killed = Host.Shell($"exec {MessageCommand(point.Number, arguments)}");
            hit = killed.Succeeded ? null : Host.Read(FaultMessages.Counted).Split('\n').Last();
            return killed;
        }

        if (point.Inject.Length > 0)
        {
            var traced = Strace(["-e", "inject=" + point.Inject], arguments);
            var lines = Host.Read(Trace).Split('\n');
            // One that is killed has its last line cut short, or marked as never answered.
            hit = point.Kills ? (traced.Succeeded ? null : lines.LastOrDefault(l => l.Contains('('))) : lines.FirstOrDefault(l => l.Contains("(INJECTED)", StringComparison.Ordinal));
            return traced;
        }

        if (point.Setup.Length > 0)
        {
            Host.Shell(point.Setup).OrThrow();
            var limited = Host.Product(arguments);
            hit = point.Call;
            Host.Shell(point.Lift).OrThrow();
            return limited;
        }

        // For this run alone: the commands of units are not counted, and do not fail.
        var result = Host.Shell($"echo 0 >/run/fault.count; echo {point.Number} >/run/fault.turn; echo {point.Kind.Split(' ')[1]} >/run/fault.kind; "
            + $"exec unshare --mount --propagation slave /bin/sh -c 'mount --bind {OwnSystemctl} {Systemctl} && exec {Laboratory.Product} {string.Join(' ', arguments)}'");
        var count = int.Parse(Host.Read("/run/fault.count"), CultureInfo.InvariantCulture);
        if (count == 0)
        {
            throw new FaultException($"no command went through {OwnSystemctl}, so none could be made to fail: {result.Summary}");
        }

        hit = count >= point.Number ? point.Call : null;
        return result;
    }

    /// <summary>Ends every process of the machine at once, and boots it from what is on its disk.</summary>
    internal UplinkWatch CutPower(UplinkWatch watch, IReadOnlyCollection<string> allowed)
    {
        Command.Run("kill", "-KILL", $"{Laboratory.Machine.Leader}").OrThrow();
        Laboratory.Machine.WaitForEnd();
        var leaked = Leaked(watch, allowed);
        if (leaked.Count > 0)
        {
            throw new FaultException($"{leaked.Count} packets left besides the tunnel before the power was cut, first: {List(leaked)}");
        }

        watch = Laboratory.BootAgain();
        Host.Shell("while systemctl list-jobs --no-legend | grep -q .; do sleep 0.1; done").OrThrow();
        return watch;
    }

    /// <summary>Where the services' processes are; one that systemd has made and that is not the service's program yet does not count.</summary>
    internal IReadOnlyDictionary<string, FaultView> Look(string before = "true")
    {
        var said = Host.Shell($$"""
            {{before}}
            host=$(stat -Lc %i /proc/1/ns/net)
            for u in {{AllServices}}; do
                echo "$u main $(systemctl show -P MainPID $u)"
                for p in $(cat /sys/fs/cgroup/system.slice/$u.service/cgroup.procs 2>/dev/null); do
                    read c </proc/$p/comm && n=$(stat -Lc %i /proc/$p/ns/net) || continue
                    case $c in "("*) continue ;; esac
                    [ $n = $host ] && echo "$u host $p" || echo "$u away $p"
                done 2>/dev/null
                [ ! -e {{Units}}/$u.service.d/zzzz-vpn-confinement.conf ] || echo "$u dropin"
                ! systemctl show -P DropInPaths $u | grep -q zzzz-vpn-confinement || echo "$u loaded"
            done
            true
            """).OrThrow().Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(l => l.Split(' ')).ToLookup(w => w[0], w => w[1..]);
        return Services.ToDictionary(s => s, s => new FaultView(
            said[s].First(w => w[0] == "main")[1], said[s].Any(w => w[0] == "host"), said[s].Any(w => w[0] == "away"), said[s].Any(w => w[0] == "dropin"), said[s].Any(w => w[0] == "loaded")), StringComparer.Ordinal);
    }

    /// <summary>What the program's files are: each path with what it holds.</summary>
    internal string Files() => Host.Shell($"cd /; find {Units} {State} ! -type d -exec sha256sum {"{"}{"}"} + 2>/dev/null | sort -k2; find {Units} {State} -type l 2>/dev/null | sort; true").OrThrow().Output;

    /// <summary>Waits until what a service sends comes out at the provider's end.</summary>
    internal bool IsHeard(string service) =>
        Laboratory.ProviderUplink.WaitFor(Laboratory.ProviderUplink.Count, p => p.Kind == PacketKind.Udp && p.DestinationPort == Ports[service], Patience);

    /// <summary>Ends a watch: what left besides the tunnel, without what some services were allowed to send.</summary>
    internal static List<Packet> Leaked(UplinkWatch watch, IEnumerable<string> allowed)
    {
        var ports = allowed.Select(s => Ports[s]).ToHashSet();
        return [.. watch.EndStray().Where(p => !IsOpen(p, ports))];
    }

    /// <summary>The first of some packets, as a failure names them.</summary>
    internal static string List(IEnumerable<Packet> packets) => string.Join("; ", packets.Take(8));

    // Or that nobody listens where it sends to.
    private static bool IsOpen(Packet packet, HashSet<int> ports) => ports.Count > 0
        && ((packet.Kind == PacketKind.Udp && Addresses.Machine.Equals(packet.Source) && ports.Contains(packet.DestinationPort))
            || (packet is { Kind: PacketKind.Icmp, SourcePort: 3, DestinationPort: 3 } && Addresses.Machine.Equals(packet.Destination)));

    private void SetUp()
    {
        foreach (var (name, port) in Ports)
        {
            // Asked for after each fault, and more often than systemd would take by itself.
            Host.Write($"{Units}/{name}.service", $"""
                [Unit]
                StartLimitIntervalSec=0
                [Service]
                Type=exec
                DynamicUser=yes
                TimeoutStopSec=2
                ExecStart=/bin/bash -c 'exec 2>/dev/null; while :; do echo x >/dev/udp/{Addresses.Web}/{port}; sleep 0.05; done'
                [Install]
                WantedBy=vpnc-lab.target

                """);
        }

        // What an administrator would use: one that fails when its turn has come.
        Host.Write(OwnSystemctl, $"""
            #!/bin/sh
            n=$(($(cat /run/fault.count) + 1)); echo $n >/run/fault.count
            [ $n != "$(cat /run/fault.turn)" ] || {"{"} [ "$(cat /run/fault.kind)" != done ] || /root/systemctl.real "$@"; echo "Failed: injected" >&2; exit 1; {"}"}
            exec /root/systemctl.real "$@"

            """);
        Host.Write(FaultMessages.Place, FaultMessages.Program);
        Host.Shell($"chmod 755 {OwnSystemctl}; cp {Systemctl} /root/systemctl.real; systemctl daemon-reload; systemctl enable {AllServices}").OrThrow();
        _providerFile = Host.Read(Laboratory.ProviderFile);
        _otherKeyFile = PrivateKey().Replace(_providerFile, "PrivateKey = " + Command.Run("wg", "genkey").OrThrow().Output.Trim());
        IsGood = true;
    }

    private static string MessageCommand(int turn, string[] arguments) => $"python3 {FaultMessages.Place} {turn} {Laboratory.Product} {string.Join(' ', arguments)}";

    private CommandResult Strace(string[] options, string[] arguments) =>
        Laboratory.Machine.Run(["strace", "-qq", "-y", "-s", "24", "-e", "signal=none", "-o", Trace, "-e", "trace=" + FaultPoint.Traced, .. options, Laboratory.Product, .. arguments]);

    [GeneratedRegex("PrivateKey = .*")]
    private static partial Regex PrivateKey();
}
