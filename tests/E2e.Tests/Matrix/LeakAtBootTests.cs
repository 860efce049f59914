using VpnConfinement.Lab.Capture;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests.Matrix;

/// <summary>
/// The machine goes down and boots again while confined services send from their very first instruction to their last: the uplink is watched from before the
/// first process to after the last, and an unconfined service that does the same beside them shows that there was a way out all the time.
/// </summary>
[Trait("guarantees", "S-1 S-3 S-6")]
public sealed class LeakAtBootTests(MatrixMachine machine) : IClassFixture<MatrixMachine>
{
    private const string Key = "/var/lib/vpn-confinement/secrets/wg0.key";
    private static readonly TimeSpan Patience = LabHost.Patience(60);

    private Laboratory Laboratory => machine.Host.Laboratory;

    [Fact]
    public void Nothing_gets_out_while_the_machine_goes_down_and_boots_with_and_without_its_tunnel()
    {
        machine.Host.Shell("systemctl start open-chatter").OrThrow();
        var watch = UplinkWatch.Begin(Laboratory);
        GoDown("reboot", watch);

        var provider = Laboratory.ProviderUplink.Count;
        watch = Laboratory.BootAgain();
        Assert.True(Laboratory.ProviderUplink.WaitFor(provider, packet => packet.DestinationPort == MatrixMachine.ChatterPort, Patience), "the service does not send after the boot");
        Assert.True(Laboratory.ProviderUplink.WaitFor(provider, packet => packet.DestinationPort == MatrixMachine.StoppedChatterPort, Patience));
        var packets = Laboratory.Uplink.Since(0).ToList();
        Assert.InRange(packets.FindIndex(IsOpenChatter), 0, packets.FindIndex(IsOwnTunnel));
        machine.Host.WaitForStatus();
        machine.Host.Shell($"mv {Key} {Key}.away").OrThrow();
        GoDown("poweroff", watch);

        watch = Laboratory.BootAgain();
        Laboratory.Machine.RequireUnit("chatter.service", "active");
        Assert.True(Laboratory.Uplink.WaitFor(Laboratory.Uplink.Count, IsOpenChatter, Patience));
        Assert.NotEqual("active", Laboratory.Machine.UnitState("stopped-chatter.service"));
        GoDown("poweroff", watch);
        Assert.DoesNotContain(Laboratory.Uplink.Since(0), IsOwnTunnel);
    }

    private void GoDown(string verb, UplinkWatch watch)
    {
        var start = Laboratory.Uplink.Count;
        Laboratory.Machine.Run("systemctl", verb);
        Laboratory.Machine.WaitForEnd();
        var stray = watch.EndStray().Where(packet => !IsOpenChatter(packet)).ToList();
        Assert.True(stray.Count == 0, string.Join('\n', stray.Take(20)));
        Assert.Contains(Laboratory.Uplink.Since(start), IsOpenChatter);
    }

    // The provider may still call the tunnel of the boot before.
    private static bool IsOwnTunnel(Packet packet) => UplinkPolicy.IsTunnel(packet) && Addresses.Machine.Equals(packet.Source);

    // Or that nobody listens where it sends to.
    private static bool IsOpenChatter(Packet packet) =>
        (packet.Kind == PacketKind.Udp && Addresses.Machine.Equals(packet.Source) && packet.DestinationPort == MatrixMachine.OpenChatterPort)
        || (packet is { Kind: PacketKind.Icmp, SourcePort: 3, DestinationPort: 3 } && Addresses.Machine.Equals(packet.Destination));
}
