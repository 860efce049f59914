using VpnConfinement.Diagnostics;

namespace VpnConfinement.Core.Tests.Validation;

public sealed class NixOptionPathTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("defaultNamespace", "services.vpnConfinement.defaultNamespace")]
    [InlineData("namespaces.media.dns.servers", "services.vpnConfinement.namespaces.media.dns.servers")]
    [InlineData("services.app.vpn.namespace", "systemd.services.app.vpn.namespace")]
    [InlineData("sockets.app.vpn", "systemd.sockets.app.vpn")]
    [InlineData("wireguard.interfaces.wg0.peers[0].endpoint", "networking.wireguard.interfaces.wg0.peers[0].endpoint")]
    public void It_is_where_users_of_NixOS_write_it(string path, string inNix) =>
        Assert.Equal(inNix, NixOptionPath.Of(path));
}
