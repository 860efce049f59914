namespace VpnConfinement.Core.Tests.Validation;

/// <summary>What is wrong beside something that is refused already is reported in the same run.</summary>
public sealed class AllAtOnceTests
{
    [Theory]
    [InlineData("publicKey = \"x\"")]
    [InlineData("")]
    public void A_preshared_key_beside_a_bad_public_key(string publicKey)
    {
        var peers = $"peers = [ {{ {(publicKey.Length > 0 ? publicKey + ", " : "")}presharedKey = \"y\", allowedIPs = [\"0.0.0.0/0\"], endpoint = \"198.51.100.7:51820\" }} ]";

        var findings = Checked.One("", peers).Findings.Where(f => f.Code == "VPC050").Select(f => f.Path).Order(StringComparer.Ordinal);

        Assert.Equal(["wireguard.interfaces.wg0.peers[0].presharedKey", "wireguard.interfaces.wg0.peers[0].publicKey"], findings);
    }

    [Theory]
    [InlineData("services", "VPC081")]
    [InlineData("sockets", "VPC091")]
    public void An_unknown_namespace_of_a_unit_with_a_bad_name(string table, string code)
    {
        var text = Checked.Namespace("m", "wg0") + $"[{table}.\"a b\".vpn]\nnamespace = \"nowhere\"\n";

        Assert.Equal(["VPC003", code], Checked.Run(text).Codes.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_is_wrong_beside_a_key_that_is_set_twice()
    {
        var found = Checked.Run("enable = true\nenable = true\n" + Checked.Namespace("m", "wg0", "dns = { servers = [\"10.64.0.1\"], search = [\"a b\"], serch = [] }"));

        Assert.Equal(["VPC002", "VPC004", "VPC023"], found.Codes.Order(StringComparer.Ordinal));
        Assert.Null(found.Confinement);
    }
}
