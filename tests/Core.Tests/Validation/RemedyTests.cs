using VpnConfinement.Model;

namespace VpnConfinement.Core.Tests.Validation;

/// <summary>A remedy that names a line to write, and under which table: that line is enough.</summary>
public sealed class RemedyTests
{
    private static readonly Dictionary<string, string> Files = new()
    {
        ["/p.conf"] = $"[Interface]\nPrivateKey = {Checked.Key}\nAddress = 10.64.0.2/32\nDNS = 10.64.0.1\n[Peer]\nPublicKey = {Checked.Key}\nEndpoint = 198.51.100.7:51820\nAllowedIPs = 0.0.0.0/0\n",
    };

    [Fact]
    public void Namespaces_that_fall_back_to_one_interface()
    {
        var text = string.Concat(new[] { "a", "b", "\"c.d\"" }.Select(n => $"[namespaces.{n}]\nwireguard.configFile = \"/p.conf\"\n")) + "[wireguard.interfaces.wg1]\n";
        var refused = Checked.Run(text, Files);
        Assert.Equal(["VPC013", "VPC016", "VPC013", "VPC016"], refused.Codes);
        Assert.Equal(["wg0", "wg2", "wg3"], Mended(refused, text).Select(n => n.WireGuard.Interface.ToString()));
    }

    [Fact]
    public void Namespaces_whose_derived_subnets_meet()
    {
        var names = new Dictionary<string, string>();
        var (one, other) = Enumerable.Range(0, 2000).Select(i => $"n{i}").Select(n => (Subnet: Subnet(n), Name: n))
            .Where(n => !names.TryAdd(n.Subnet, n.Name)).Select(n => (names[n.Subnet], n.Name)).First();
        var text = $"""
            [namespaces.{one}]
            wireguard.configFile = "/p.conf"
            publishToHost.tcp = [80]
            [namespaces.{other}]
            wireguard = {"{ configFile = \"/p.conf\", interface = \"wg1\" }"}
            publishToHost.tcp = [80]
            [namespaces.taken]
            wireguard = {"{ configFile = \"/p.conf\", interface = \"wg2\" }"}
            hostLink = {"{ enable = true, subnetIPv4 = \"169.254.77.4/30\" }"}
            """;
        var refused = Checked.Run(text, Files);
        Assert.Equal(["VPC014"], refused.Codes);
        Assert.Contains("169.254.77.8/30", Mended(refused, text).Select(n => n.HostLink!.Subnet.ToString()));
    }

    private static string Subnet(string name) => NamespaceName.TryParse(name, out var parsed) ? HostLinkDerivation.Subnet(parsed).ToString() : throw new InvalidOperationException(name);

    private static IReadOnlyList<ConfinedNamespace> Mended(Checked refused, string text)
    {
        foreach (var words in refused.Findings.Select(f => f.Remedy["Write ".Length..].TrimEnd('.').Split(" under ")).DistinctBy(w => w[0] + w[1]))
        {
            text = text.Replace(words[1] + "\n", $"{words[1]}\n{words[0]}\n", StringComparison.Ordinal);
        }

        var mended = Checked.Run(text, Files);
        Assert.Empty(mended.Findings);
        return mended.Confinement!.Namespaces;
    }
}
