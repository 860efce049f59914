using VpnConfinement.Compile.Systemd;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Compile.Daemons;

/// <summary>
/// What tells the host's network daemons to leave our links alone (S-36): the host's end of every host link by its
/// name, and the links of tunnels while they are made. Each daemon reads its file when it starts.
/// </summary>
public static class NetworkDaemonFiles
{
    /// <summary>A link of a userspace tunnel until it is moved into its namespace, as a glob.</summary>
    public const string TemporaryLinks = "vpnc*";

    /// <summary>The files' paths.</summary>
    public static IReadOnlyList<string> Paths { get; } = [StateLayout.NetworkManagerFile, StateLayout.NetworkdFile];

    /// <summary>Whether a file is for a daemon of the host: a change of it concerns nothing that is confined.</summary>
    public static bool IsOne(string path) => Paths.Contains(path);

    /// <summary>The links that they leave alone, by name or glob.</summary>
    public static IReadOnlyList<string> Links(IEnumerable<HostLink?> hostLinks) =>
    [
        .. hostLinks.OfType<HostLink>().Select(link => link.HostInterface.ToString()).Order(StringComparer.Ordinal),
        TemporaryLinks,
    ];

    /// <summary>The files; one where somebody else has a file is left out.</summary>
    internal static IEnumerable<GeneratedFile> Compile(Confinement confinement)
    {
        var links = Links(confinement.Namespaces.Select(ns => ns.HostLink));
        const string Header = OwnHeader.Text + GeneratedUnits.HeaderNote;
        var devices = string.Join(';', links.Select(link => $"interface-name:{link}"));
        return new GeneratedFile[]
        {
            // systemd.network(5).
            new(
                StateLayout.NetworkdFile,
                $"{Header}\n\n[Match]\nName={string.Join(' ', links)}\n\n[Link]\nUnmanaged=yes\n",
                Namespace: null,
                Unit: null),

            // NetworkManager.conf(5): "+=" adds to what other files name.
            new(
                StateLayout.NetworkManagerFile,
                $"{Header}\n\n[keyfile]\nunmanaged-devices+={devices}\n",
                Namespace: null,
                Unit: null),
        }.Where(file => !confinement.ForeignFiles.Contains(file.Path));
    }
}
