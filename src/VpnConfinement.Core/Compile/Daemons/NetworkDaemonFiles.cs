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
    /// <summary>The files; one where somebody else has a file is left out.</summary>
    internal static IEnumerable<GeneratedFile> Compile(Confinement confinement)
    {
        var links = LinksOnHost.Of(confinement.Namespaces.Select(ns => ns.HostLink));
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
