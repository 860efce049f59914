using VpnConfinement.Health;
using VpnConfinement.Linux.Status;

namespace VpnConfinement.Cli.Tests;

/// <summary>Hosts for the tests of what <c>status</c> prints.</summary>
internal static class StatusSample
{
    internal static readonly DateTimeOffset Now = new(2026, 1, 1, 12, 0, 0, TimeSpan.Zero);

    /// <summary>One namespace with so many services; the last one has failed.</summary>
    internal static HostStatus Of(int services)
    {
        var names = Enumerable.Range(1, services).Select(n => $"service-with-a-name-{n}.service").ToList();
        List<HealthEntry> health =
        [
            new(HealthKind.Namespace, "media", "media", HealthState.Working, "it is up as it was applied", null, null),
            new(HealthKind.Tunnel, "media", "wg0", HealthState.Working, "latest handshake 12 s ago", null, null),
            new(HealthKind.Resolver, "media", "resolver", HealthState.Working, "it answers", null, null),
            .. names.SkipLast(1).Select(
                n => new HealthEntry(HealthKind.Service, "media", n, HealthState.Working, "it runs", null, null)),
            new(
                HealthKind.Service, "media", names[^1], HealthState.Failed, "it failed (exit-code)", null,
                $"journalctl -u {names[^1]}"),
            new(HealthKind.Published, "media", Socket, HealthState.Working, "it listens", null, null),
        ];
        health = [.. HealthEntry.WorstFirst(health)];
        return new HostStatus
        {
            Problems = [],
            Unconfirmed = null,
            Health = health,
            Namespaces =
            [
                new NamespaceStatus
                {
                    Name = "media",
                    Health = health,
                    Up = true,
                    Watcher = "watching",
                    NetnsInode = 4026532684,
                    RulesetIntact = true,
                    Endpoints = ["vpn.example:51820 (203.0.113.9:51820)"],
                    TunnelAddresses = ["10.64.0.2/32"],
                    Resolvers = ["10.64.0.1"],
                    HostPorts = ["169.254.17.2:9091"],
                    Tunnel = new TunnelStatus
                    {
                        Interface = "wg0",
                        LatestHandshake = Now.AddSeconds(-12),
                        ReceivedBytes = 1_300_000_000,
                        SentBytes = 34_000_000,
                    },
                    RefusedPackets = new Dictionary<string, ulong>
                    {
                        ["refused_dns"] = 7, ["refused_ipv6"] = 12, ["refused_input"] = 0,
                    },
                    Services =
                    [
                        .. names.SkipLast(1).Select(n => Service(n, "active", null)),
                        Service(
                            names[^1], "failed",
                            "cannot open \u001b[31m/etc/service.conf: No such file or directory, said twice over to be "
                            + "long"),
                    ],
                    Sockets = [],
                    Published =
                    [
                        new SocketStatus
                        {
                            Unit = Socket,
                            State = "active",
                            Verdict = Verdict.Ok,
                            Listens = ["127.0.0.1:8080 (Stream)"],
                            To = 9091,
                        },
                    ],
                    Drift = [],
                    IsDriftKnown = true,
                    Problems = [],
                },
            ],
        };
    }

    private const string Socket = "vpn-confinement-publish-media-9091.socket";

    private static ServiceStatus Service(string name, string state, string? line) => new()
    {
        Unit = name,
        State = state,
        Frozen = false,
        OutlivesTunnel = false,
        Verdict = Verdict.Ok,
        BindRestricted = null,
        Processes = state == "active" ? [new(1, 4026532684)] : [],
        LastLine = line,
    };
}
