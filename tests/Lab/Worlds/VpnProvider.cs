using System.Diagnostics;
using VpnConfinement.Lab.Interop;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Processes;

namespace VpnConfinement.Lab.Worlds;

/// <summary>The provider's WireGuard peer with keys made for this run, and the file that it hands to its customer.</summary>
public sealed class VpnProvider : IDisposable
{
    private readonly Process _script;

    internal VpnProvider(NetworkNamespace place)
    {
        var customer = NewKey();
        var second = NewKey();
        var own = NewKey();
        CustomerFile = FileOf(customer.Private, $"{Addresses.TunnelAddress}/32,fc00:bbbb:bbbb:bb01::2/128", own.Public);
        SecondCustomerFile = FileOf(second.Private, $"{Addresses.SecondTunnelAddress}/32", own.Public);
        _script = Command.Start(
            "nsenter", $"--net={place.Path}", "unshare", "--mount", "--propagation", "private", "--",
            "/bin/sh", $"{AppContext.BaseDirectory}/Worlds/provider.sh", $"{Addresses.PinnedResolver}/24");
        _script.StandardInput.Write($"""
            [Interface]
            PrivateKey = {own.Private}
            ListenPort = {Addresses.WireGuardPort}
            [Peer]
            PublicKey = {customer.Public}
            AllowedIPs = {Addresses.TunnelAddress}/32
            [Peer]
            PublicKey = {second.Public}
            AllowedIPs = {Addresses.SecondTunnelAddress}/32
            end

            """);
        _script.StandardInput.Flush();
        if (_script.StandardOutput.ReadLine() != "ready")
        {
            var said = _script.StandardError.ReadToEnd().Trim();
            Dispose();
            throw new InvalidOperationException($"The provider's WireGuard peer did not start: {said}");
        }
    }

    /// <summary>A wg-quick file in the style of a provider's download page, IPv6 parts included.</summary>
    public string CustomerFile { get; }

    /// <summary>That of another device of the customer, with a key and an address of its own.</summary>
    public string SecondCustomerFile { get; }

    public void Dispose()
    {
        _script.StandardInput.Close();
        if (!_script.WaitForExit(LabHost.Patience(5)))
        {
            _ = Libc.Kill(_script.Id, Libc.SIGKILL);
        }

        _script.Dispose();
    }

    private static string FileOf(string key, string addresses, string provider) => $"""
        [Interface]
        # Device: Quick Lab
        PrivateKey = {key}
        Address = {addresses}
        DNS = {Addresses.PinnedResolver}

        [Peer]
        PublicKey = {provider}
        AllowedIPs = 0.0.0.0/0,::0/0
        Endpoint = {Addresses.Provider}:{Addresses.WireGuardPort}

        """;

    private static (string Private, string Public) NewKey()
    {
        var secret = Command.Run("wg", "genkey").OrThrow().Output.Trim();
        return (secret, Command.RunWithInput(secret, "wg", "pubkey").OrThrow().Output.Trim());
    }
}
