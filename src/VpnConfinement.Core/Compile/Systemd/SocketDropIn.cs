using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Compile.Systemd;

/// <summary>The drop-in that puts a socket unit into its namespace (S-1): the attachment of its service, and no more.</summary>
public static class SocketDropIn
{
    /// <summary>The drop-in of one socket.</summary>
    public static GeneratedFile Compile(ConfinedNamespace ns, ConfinedSocket socket)
    {
        var name = ns.Name.ToString();
        var unit = new UnitFileWriter(OwnHeader.Text + GeneratedUnits.HeaderNote);

        // A socket comes before sockets.target by default, and our units after it, with everything else that is an ordinary service: systemd
        // would break that circle by leaving one of them out. What is left of the defaults (systemd.socket(5)) is written here.
        Attachment.Add(unit, ns, Attachment.LossOf(ns, socket));
        unit.Add("DefaultDependencies", "no");
        unit.Add("Requires", "sysinit.target");
        unit.Add("After", "sysinit.target");
        unit.Add("Conflicts", "shutdown.target");
        unit.Add("Before", "shutdown.target");

        unit.Section("Socket");
        unit.Add("NetworkNamespacePath", StateLayout.Netns(name));
        return GeneratedUnits.File($"{socket.Unit}.d/{ServiceDropIn.FileName}", unit, name, socket.Unit.ToString());
    }
}
