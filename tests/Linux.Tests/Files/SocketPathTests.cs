using System.Net.Sockets;
using VpnConfinement.Linux.Apply;
using VpnConfinement.Linux.Tests.Root;

namespace VpnConfinement.Linux.Tests.Files;

/// <summary>What lies where a published port is to listen: systemd deletes whatever is there.</summary>
public sealed class SocketPathTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("vpnc-sock-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("echo precious > FILE")]
    [InlineData("mkdir FILE")]
    [InlineData("mkfifo FILE")]
    [InlineData("ln -s /nowhere/at/all FILE")]
    public void What_is_no_socket_is_refused(string before)
    {
        var path = $"{_folder}/x";
        Shell.Run(before.Replace("FILE", path, StringComparison.Ordinal));
        var failure = Assert.Throws<SystemFailure>(() => Preflight.CheckSocketPaths([path]));
        Assert.Contains($"{path} is there and is no socket", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_socket_and_nothing_are_taken()
    {
        using var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint($"{_folder}/x"));
        Preflight.CheckSocketPaths([$"{_folder}/x", $"{_folder}/y", $"{_folder}/deeper/z"]);
    }
}
