using VpnConfinement.Diagnostics;

namespace VpnConfinement.Core.Tests.Validation;

/// <summary>A provider's file in the store of Nix, which everybody can read.</summary>
public sealed class NixStoreTests
{
    private const string Stored = "/nix/store/abc-provider.conf";

    private const string Assured = "securityProfile = \"highAssurance\"\negress.allowedCidrs = [\"192.0.2.1\"]\n";

    private static readonly string Peer =
        $"[Peer]\nPublicKey = {Checked.Key}\nAllowedIPs = 0.0.0.0/0\nEndpoint = 198.51.100.7:51820\n";

    [Theory]
    [InlineData("", "VPC102", Severity.Warning)]
    [InlineData(Assured, "VPC075", Severity.Error)]
    public void A_private_key_in_it_is_named_with_its_file(string ns, string code, Severity severity)
    {
        var finding = Assert.Single(Run(ns, $"PrivateKey = {Checked.Key}\n", Peer, "").Findings);
        Assert.Equal((code, severity), (finding.Code, finding.Severity));
        Assert.Contains(Stored, finding.Message, StringComparison.Ordinal);
        Assert.Contains("outside the store", finding.Remedy, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("", "VPC103", Severity.Warning)]
    [InlineData(Assured, "VPC076", Severity.Error)]
    public void A_preshared_key_too(string ns, string code, Severity severity)
    {
        var peer = Peer + $"PresharedKey = {Checked.Key}\n";
        var finding = Assert.Single(Run(ns, "", peer, KeyFile).Findings);
        Assert.Equal((code, severity), (finding.Code, finding.Severity));
        Assert.Contains(Stored, finding.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData(Assured)]
    public void Without_keys_it_is_accepted_with_a_key_file_beside_it(string ns) =>
        Assert.Empty(Run(ns, "", Peer, KeyFile).Findings);

    private const string KeyFile = "[wireguard.interfaces.wg0]\nprivateKeyFile = \"/run/keys/wg0\"\n";

    private static Checked Run(string ns, string key, string peer, string table) => Checked.Run(
        $"[namespaces.media]\nwireguard.configFile = \"{Stored}\"\n{ns}{table}",
        new Dictionary<string, string>
        {
            [Stored] = $"[Interface]\n{key}Address = 10.64.0.2/32\nDNS = 10.64.0.1\n\n{peer}",
        });
}
