using System.Net;
using System.Net.Sockets;
using VpnConfinement.Linux.Apply;

namespace VpnConfinement.Linux.Tests.Status;

public sealed class ListeningSocketsTests
{
    [Theory]
    [InlineData("127.0.0.1", "tcp")]
    [InlineData("0.0.0.0", "tcp")]
    [InlineData("::1", "tcp6")]
    [InlineData("::", "tcp6")]
    public void A_place_is_written_as_the_kernel_writes_it(string address, string table)
    {
        using var listener = new TcpListener(IPAddress.Parse(address), 0);
        listener.Start();
        Assert.Contains(ListeningSockets.KernelText((IPEndPoint)listener.LocalEndpoint), File.ReadAllText("/proc/self/net/" + table), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/run/app.sock (Stream)", true)]
    [InlineData("vsock::1234 (Stream)", null)]
    [InlineData("@abstract (Stream)", null)]
    [InlineData("kobject-uevent 1 (Netlink)", null)]
    [InlineData("127.0.0.1:80 (Stream)", false)]
    public void What_is_no_place_in_a_network_is_told_apart(string listen, bool? expected) => Assert.Equal(expected, ListeningSockets.IsListening("none", null, listen));
}
