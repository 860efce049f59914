using System.Diagnostics;
using VpnConfinement.Lab.Agents;
using VpnConfinement.Lab.Capture;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Matrix;
using VpnConfinement.Lab.Processes;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests.Matrix;

/// <summary>
/// Every kind of traffic in every state, from a confined service's own process and from root in another, while both and a third never stop sending: the uplink
/// carries the tunnel and nothing else, the machine's loopback and host links nothing at all, nobody else answers, and the next 'apply' repairs.
/// </summary>
[Trait("guarantees", "S-3 S-4 S-5 S-6 S-15 S-17 S-21 S-32 S-33 S-36")]
public sealed class LeakMatrixTests(MatrixMachine machine, ITestOutputHelper output) : IClassFixture<MatrixMachine>
{
    private static readonly string[] Absent = ["EPROTONOSUPPORT", "ESOCKTNOSUPPORT", "EAFNOSUPPORT", "ENOSYS"];
    private static readonly TimeSpan Patience = LabHost.Patience(20);

    private Laboratory Laboratory => machine.Host.Laboratory;

    public static TheoryData<string> States => [.. LeakStates.All.Where(state => !state.IsUserspaceOnly || !LabHost.HasKernelWireGuard).Select(state => state.Id)];

    [Fact]
    public void An_unconfined_process_is_seen_at_everything_that_a_confined_one_tries()
    {
        var (uplink, host) = (Laboratory.Uplink.Count, Laboratory.Host.Count);
        var watch = UplinkWatch.Begin(Laboratory);
        var tries = Try((machine.Free, kind => kind.Unconfined), TrafficKinds.All);
        var unseen = new List<string>();
        foreach (var (kind, _, reply) in tries)
        {
            if (kind.MayBeAbsent && Absent.Contains(reply.Error, StringComparer.Ordinal))
            {
                output.WriteLine($"this kernel has no {kind.Id}");
            }
            else if (kind.ShownBySuccess ? !reply.Ok && !machine.Free.AskInTime(kind.Unconfined).Ok : !IsSeen(kind))
            {
                unseen.Add($"{kind.Id}: {reply}");
            }
        }

        Assert.True(unseen.Count == 0, string.Join('\n', unseen));

        bool IsSeen(TrafficKind kind)
        {
            var clock = Stopwatch.StartNew();
            while (!Laboratory.Uplink.WaitFor(uplink, kind.IsShownBy, TimeSpan.Zero))
            {
                if (Laboratory.Host.WaitFor(host, kind.IsShownBy, TimeSpan.FromMilliseconds(100)))
                {
                    return true;
                }

                if (clock.Elapsed > Patience)
                {
                    return false;
                }
            }

            return true;
        }

        // The filter at the namespace's end keeps such frames off the link: without it they are seen to arrive.
        machine.Host.Shell("systemctl stop vpn-confinement-watch@media.service; nsenter --net=/run/netns/media tc qdisc del dev vn-media clsact").OrThrow();
        Try((machine.Rooted, kind => kind.Request), TrafficKinds.All.Where(kind => kind.IsPastRuleset));
        var stray = watch.EndStray();
        machine.Apply();

        // The machine goes on answering a connection that was begun from its own network, for a minute, on the host link.
        machine.Listen();
        // Nobody listens for one any more: it goes at its next turn, unanswered.
        Eventually.See("no half-open connection", () => machine.Host.Shell("ss -tnH state syn-recv").OrThrow().Output, left => left.Length == 0);
        Assert.All([World.UplinkPeer, "lo", Place.HostEnd], link => Assert.Contains(stray, packet => packet.Interface == link));
    }

    [Fact]
    public void Both_ends_of_the_tunnel_are_the_kernels_devices_where_it_has_WireGuard_and_else_a_userspace_programs()
    {
        machine.RequireGood();
        machine.IsGood = true;
        var (own, other) = LabHost.HasKernelWireGuard ? ("wireguard", "tun") : ("tun", "wireguard");
        Assert.All([$"{Laboratory.Machine.Root}/run/netns/media", Laboratory.World.ProviderPlace.Path], place =>
        {
            Assert.Contains($" {Place.Tunnel}: ", LinksOf(place, own), StringComparison.Ordinal);
            Assert.Equal("", LinksOf(place, other));
        });
        Assert.Equal(LabHost.HasKernelWireGuard ? 1 : 0, machine.Host.Shell("pgrep -x wireguard-go").ExitCode);
    }

    [Theory]
    [MemberData(nameof(States))]
    public void Nothing_leaks(string id)
    {
        var state = LeakStates.All.Single(s => s.Id == id);
        machine.RequireGood();
        var pid = MainPid();
        var clock = Stopwatch.StartNew();
        Assert.Equal($"{Addresses.Provider}", $"{machine.Downloader.GetInTime(Addresses.Web)}");
        // It would mend what is looked at here.
        machine.Host.Shell("systemctl stop vpn-confinement-watch@media.service vpn-confinement-watch@other.service 2>/dev/null || true").OrThrow();
        var (others, hosts) = (Laboratory.World.OtherResolver.Queries.Count, Laboratory.World.OrdinaryResolver.Queries.Count);
        var watch = UplinkWatch.Begin(Laboratory);
        machine.Host.Shell(state.Change).OrThrow();
        var kinds = TrafficKinds.All.ToLookup(kind => kind.IsPastRuleset);
        var tries = Try([(machine.Downloader, kind => kind.Request), (machine.Rooted, kind => kind.Request)], kinds[false]);
        var stray = state.RulesetHolds ? watch.EndStray() : watch.EndHeeded();

        watch = UplinkWatch.Begin(Laboratory);
        var pastRuleset = Try([(machine.Downloader, kind => kind.Request), (machine.Rooted, kind => kind.Request)], kinds[true]);
        // The machine's answer, if it gives one, takes no longer than the control packets.
        stray = [.. stray, .. watch.EndHeeded()];

        var wrong = tries.Concat(pastRuleset).Select(one => Judge(state, one)).OfType<string>().Concat(stray.Select(packet => $"{packet}"))
            .Concat(Laboratory.World.OtherResolver.Queries.Skip(others).Concat(Laboratory.World.OrdinaryResolver.Queries.Skip(hosts))
                .Where(query => !Addresses.Provider.Equals(query.Caller)).Select(query => $"a resolver heard of {query.Name} from {query.Caller}")).ToList();
        output.WriteLine($"{tries.Count + pastRuleset.Count} cases in {clock.Elapsed.TotalSeconds:0.0} s");
        Assert.True(wrong.Count == 0, string.Join('\n', wrong.Take(20)));
        Assert.Equal(state.Restarts, pid != MainPid());
        if (state.StatusSays is { } says)
        {
            var status = machine.Host.Product("status");
            Assert.Equal(4, status.ExitCode);
            Assert.Contains(says, status.Output, StringComparison.Ordinal);
        }

        Repair(state);
    }

    private void Repair(LeakState state)
    {
        machine.Host.Shell(state.Undo).OrThrow();
        machine.Apply();
        machine.IsGood = true;
        if (!state.LookupsWork)
        {
            machine.Host.Shell("systemctl restart downloader").OrThrow();
        }

        Assert.Equal($"{Addresses.Provider}", $"{machine.Downloader.GetInTime(Addresses.Web)}");
        Assert.Equal($"{Addresses.PinnedAnswer}", $"{machine.Downloader.ResolveInTime("repaired.example")}");
        Assert.False(machine.Downloader.Query(Addresses.OtherResolver, "repaired.example").Ok);
        var status = machine.Host.Product("status");
        Assert.True(status.ExitCode == 0, status.Output);
    }

    private static string LinksOf(string place, string kind) => Command.Run("nsenter", $"--net={place}", Command.Find("ip"), "-o", "link", "show", "type", kind).OrThrow().Output;

    private string MainPid() => machine.Host.Shell($"systemctl show -p MainPID --value {machine.Downloader.Unit}").OrThrow().Output.Trim();

    // What is wrong about a reply, or null.
    private string? Judge(LeakState state, (TrafficKind Kind, Agent Agent, AgentReply Reply) one)
    {
        var (kind, agent, reply) = one;
        var isRoot = agent == machine.Rooted;
        var fate = isRoot ? kind.OfRoot ?? kind.Fate : kind.Fate;
        var isLookup = kind.Request.Operation is AgentOperation.Resolve or AgentOperation.Lookup;
        var isAnswer = isLookup || kind.Request.Operation is AgentOperation.Get or AgentOperation.Query or AgentOperation.Connect;
        var expected = isLookup || kind.Request.Operation is AgentOperation.Query ? Addresses.PinnedAnswer : Addresses.Provider;
        var passed = fate switch
        {
            _ when reply.IsSilence => false,
            // Whether it works is between it and the provider; the captures tell whether it left otherwise.
            _ when state.HasIPv6 && kind.Request.Address.Contains(':', StringComparison.Ordinal) => true,
            Fate.Closed => !reply.Ok && (kind.Error ?? reply.Error) == reply.Error,
            Fate.Refused => !reply.Ok || !state.RulesetHolds,
            Fate.Unheard => true,
            Fate.Tunnel when reply.Ok => !isAnswer || (state.Tunnel is not TunnelState.Broken && (reply.Value.Length == 0 || reply.Value == $"{expected}")),
            Fate.Tunnel => state.Tunnel is not TunnelState.Works || !isAnswer || kind.MayBeAbsent
                || (isLookup && !state.LookupsWork) || IsAnsweredLater(agent, kind, $"{expected}"),
            _ => throw new InvalidOperationException($"{fate}"),
        };
        return passed ? null : $"{kind.Id} of {agent.Name}, {fate}: {reply}";
    }

    // A hundred tries at once are more than a busy machine answers in time.
    private static bool IsAnsweredLater(Agent agent, TrafficKind kind, string expected)
    {
        var reply = agent.AskInTime(kind.Request);
        return reply.Ok && (reply.Value.Length == 0 || reply.Value == expected);
    }

    private static List<(TrafficKind Kind, Agent Agent, AgentReply Reply)> Try((Agent Agent, Func<TrafficKind, AgentRequest> Request) by, IEnumerable<TrafficKind> kinds) => Try([by], kinds);

    private static List<(TrafficKind Kind, Agent Agent, AgentReply Reply)> Try(IEnumerable<(Agent Agent, Func<TrafficKind, AgentRequest> Request)> by, IEnumerable<TrafficKind> kinds)
    {
        var cases = by.SelectMany(one => kinds.Where(kind => !kind.NotForRoot || one.Agent.Name != "rooted").Select(kind => (kind, one.Agent, request: one.Request(kind)))).ToList();
        var replies = Escapes.TryAll(cases.Select(one => (one.Agent, one.request)));
        return [.. cases.Zip(replies, (one, reply) => (one.kind, one.Agent, reply))];
    }
}
