using System.Text.RegularExpressions;
using CsCheck;
using VpnConfinement.Compile.Nftables;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Core.Tests.Compile;

public sealed class CompilerPropertyTests
{
    [Fact]
    public void The_same_configuration_gives_the_same_bytes_in_whatever_order_it_is_written() =>
        Gen.Select(Generated.Tables, Gen.Int[0, int.MaxValue]).Sample((tables, seed) =>
        {
            var shuffled = tables.ToArray();
            new Random(seed).Shuffle(shuffled);
            Assert.Equal(Generated.Compile(tables).Files, Generated.Compile(shuffled).Files);
            Assert.Equal(Generated.Compile(tables).Files, Generated.Compile(tables).Files);
        });

    [Fact]
    public void Every_chain_drops_by_default_and_nothing_is_accepted_outside_the_policy() => // S-3
        Generated.Tables.Sample(tables =>
        {
            foreach (var ns in Generated.Confine(tables).Namespaces)
            {
                var ruleset = NamespaceRuleset.Compile(ns);
                Assert.Equal(3, Regex.Count(ruleset, "policy drop;"));
                Assert.DoesNotContain("policy accept", ruleset, StringComparison.Ordinal);
                var allowed = Allowed(ns).Select(a => new Regex($"^{a}$")).ToList();
                foreach (var (chain, rule) in Accepts(ruleset))
                {
                    Assert.Contains(allowed, a => a.IsMatch($"{chain}: {rule}"));
                }

                // What passes for any reason but loopback or the host link passes only after everything else was refused off the tunnel.
                var output = ruleset[ruleset.IndexOf("chain output", StringComparison.Ordinal)..];
                var guard = output.IndexOf($"oifname != \"{ns.WireGuard.Interface}\" counter", StringComparison.Ordinal);
                Assert.True(guard > 0);
                Assert.DoesNotContain(Accepts(output[..guard]), a => !a.Rule.StartsWith("oifname \"", StringComparison.Ordinal));
            }
        });

    [Fact]
    public void Every_service_is_bound_to_its_namespace_and_its_tunnel() => // S-1
        Generated.Tables.Sample(tables =>
        {
            var tree = Generated.Compile(tables);
            foreach (var file in tree.Files.Where(f => f.LinkTo is null && f.Unit?.EndsWith(".service", StringComparison.Ordinal) == true && f.Unit != StateLayout.HostRouteUnit(f.Namespace!)))
            {
                var plan = tree.Plans.Single(p => p.Namespace == file.Namespace);
                var units = $"vpn-confinement-netns@{plan.Namespace}.service wireguard-{plan.WireGuard.Interface}.service";
                foreach (var line in new[] { $"Requires={units}", $"BindsTo={units}", $"After={units}", $"NetworkNamespacePath=/run/netns/{plan.Namespace}", "TemporaryFileSystem=/run:ro" })
                {
                    Assert.Contains(line + "\n", file.Content, StringComparison.Ordinal);
                }
            }
        });

    private static IEnumerable<(string Chain, string Rule)> Accepts(string ruleset)
    {
        var chain = "output";
        foreach (var line in ruleset.Split('\n').Select(l => l.Trim()))
        {
            if (line.StartsWith("chain ", StringComparison.Ordinal))
            {
                chain = line.Split(' ')[1];
            }
            else if (line.EndsWith(" accept", StringComparison.Ordinal))
            {
                yield return (chain, line[..^" accept".Length]);
            }
        }
    }

    // The policy in words of its own: who may pass, and nobody else.
    private static IEnumerable<string> Allowed(ConfinedNamespace ns)
    {
        yield return "(input: iifname|output: oifname) \"lo\"";
        yield return $"input: iifname \"{ns.WireGuard.Interface}\" ip6? daddr @tunnel_v[46] ct state established,related";
        yield return "output: ct state established,related";
        yield return "output: ct state new";
        yield return "output: ip6? daddr @dns_servers_v[46] meta l4proto \\{ tcp, udp \\} th dport 53";
        if (ns.HostLink is { } link)
        {
            var (host, own) = (Regex.Escape($"{link.HostAddress}"), Regex.Escape($"{link.NamespaceAddress}"));
            yield return $"input: iifname \"{link.NamespaceInterface}\" ip saddr {host} ip daddr {own} ct direction original ct state established,related";
            yield return $"input: iifname \"{link.NamespaceInterface}\" ip saddr {host} ip daddr {own} tcp dport @host_tcp_ports tcp flags & \\(fin \\| syn \\| rst \\| ack\\) == syn";
            yield return $"output: oifname \"{link.NamespaceInterface}\" ip saddr {own} ip daddr {host} ct direction reply";
        }
    }
}
