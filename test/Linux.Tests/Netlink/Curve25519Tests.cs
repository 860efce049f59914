using System.Security.Cryptography;
using VpnConfinement.Linux.Netlink.WireGuard;
using VpnConfinement.Linux.Tests.Root;

namespace VpnConfinement.Linux.Tests.Netlink;

public sealed class Curve25519Tests
{
    [Fact]
    public void Same_as_wg_pubkey()
    {
        var edges = new[] { new byte[32], [.. Enumerable.Repeat((byte)0xff, 32)] };
        foreach (var key in edges.Concat(Enumerable.Range(0, 40).Select(_ => RandomNumberGenerator.GetBytes(32))))
        {
            var text = Convert.ToBase64String(key);
            Assert.Equal(Shell.Run($"echo {text} | wg pubkey"), Convert.ToBase64String(Curve25519.PublicKey(key)));
        }
    }
}
