using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Processes;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// A network daemon of the host as its package brings it, told to leave the machine's uplink to the lab. It takes every
/// other link that it is not told to leave alone.
/// </summary>
/// <param name="Name">What it is called.</param>
/// <param name="Package">Its package; null where systemd's has it.</param>
/// <param name="Unit">Its unit.</param>
/// <param name="Program">Its program, by which it is known to be there.</param>
/// <param name="OwnFile">
/// The file that 'apply' writes for it; null where its own configuration has to say it (VPC120).
/// </param>
/// <param name="File">Its configuration, and a file name of its own.</param>
/// <param name="Text">What the configuration says besides.</param>
/// <param name="Line">What tells it of the links, where 'apply' does not.</param>
/// <param name="Untold">What the same line is without them.</param>
internal sealed record NetworkDaemon(
    string Name,
    string? Package,
    string Unit,
    string Program,
    string? OwnFile,
    string File,
    string Text,
    string Line,
    string Untold)
{
    internal static IReadOnlyList<NetworkDaemon> All { get; } =
    [
        new(
            "systemd-networkd with DHCP", null, "systemd-networkd.service", "/lib/systemd/systemd-networkd",
            "/etc/systemd/network/05-vpn-confinement.network", "/etc/systemd/network/20-test.network",
            "[Match]\nType=ether\nName=!uplink0\n[Network]\nDHCP=yes\n", "", ""),
        new(
            "NetworkManager", "network-manager", "NetworkManager.service", "/usr/sbin/NetworkManager",
            "/etc/NetworkManager/conf.d/vpn-confinement.conf", "/etc/NetworkManager/conf.d/lab.conf",
            "[keyfile]\nunmanaged-devices+=interface-name:uplink0\n", "", ""),

        // Without "nodev" it waits for a udevd, which a container has not, and takes no link at all.
        new(
            "dhcpcd", "dhcpcd", "dhcpcd.service", "/usr/sbin/dhcpcd", null, "/etc/dhcpcd.conf",
            "nodev\nduid\npersistent\nvendorclassid\n"
                + "option domain_name_servers, domain_name, domain_search, host_name\n"
                + "option classless_static_routes, interface_mtu\nrequire dhcp_server_identifier\nslaac private\n",
            "denyinterfaces uplink0 vh-media vh-second vpnc*\n", "denyinterfaces uplink0\n"),
        new(
            "connman", "connman", "connman.service", "/usr/sbin/connmand", null, "/etc/connman/main.conf",
            "[General]\n",
            "NetworkInterfaceBlacklist=uplink0,vmnet,vboxnet,virbr,ifb,ve-,vb-,vh-media,vh-second,vpnc\n",
            "NetworkInterfaceBlacklist=uplink0,vmnet,vboxnet,virbr,ifb,ve-,vb-\n"),
    ];

    /// <summary>
    /// Puts it on a machine, told of our links as far as it can be before 'apply'. Its packages lie beside the program
    /// (eng/prepare) or the machine's root (eng/lab-root), unless that has them; nothing of them is on the host.
    /// </summary>
    internal void Prepare(BadHostFixture host)
    {
        var folders = MachineImage.Root == "/"
            ? Path.Combine(Path.GetDirectoryName(Environment.GetEnvironmentVariable("VPNC_BINARY"))!, "../daemons")
            : $"{MachineImage.Root}.packages";
        if (!host.Exists(Program) && Package is not null)
        {
            // No udev: in a container it would have nothing to say.
            Command.Run(
                "/bin/sh", "-ec",
                $"for p in {folders}/{Package}/*.deb; do case $p in */udev_*) ;; *) dpkg-deb --fsys-tarfile \"$p\" | "
                    + $"tar -x -C {host.Laboratory.Machine.Root} --keep-directory-symlink ;; esac; done").OrThrow();
        }

        Assert.True(host.Exists(Program), $"there is no {Program}: run eng/prepare or eng/lab-root");
        host.Shell(
            "getent passwd dhcpcd >/dev/null || { echo dhcpcd:x:61191:61191::/usr/lib/dhcpcd:/bin/false >>/etc/passwd; "
                + $"echo dhcpcd:x:61191: >>/etc/group; }}; mkdir -p $(dirname {File}) /var/lib/dhcpcd; "
                + $"rm -f /etc/systemd/system/{Unit}; systemctl daemon-reload; systemctl start dbus").OrThrow();
        host.Write(File, Text + Line);
    }

    /// <summary>Starts it anew, and waits until it has had time to look at every link.</summary>
    internal void Restart(BadHostFixture host)
    {
        host.Shell($"systemctl reset-failed {Unit} 2>/dev/null; systemctl restart {Unit}").OrThrow();
        host.Laboratory.Machine.RequireUnit(Unit, "active");
    }

    /// <summary>Takes away what told it of our links.</summary>
    internal void Untell(BadHostFixture host)
    {
        host.Write(File, Text + Untold);
        if (OwnFile is not null)
        {
            host.Shell($"rm {OwnFile}").OrThrow();
        }
    }

    /// <inheritdoc/>
    public override string ToString() => Name;
}
