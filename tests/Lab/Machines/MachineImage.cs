using System.Text;

namespace VpnConfinement.Lab.Machines;

/// <summary>What the throw-away machine has on top of the host's root, or of another: files, users and folders bound in, put in place before it boots.</summary>
public sealed class MachineImage : IDisposable
{
    /// <summary>Names the root of another Debian to boot instead of this machine's own; <c>./test --full</c> sets it.</summary>
    private const string RootVariable = "VPNC_LAB_ROOT";

    private const int FirstUser = 61100;

    /// <summary>The unit that the machine boots to: a basic system, nothing that the host's owner enabled.</summary>
    public const string Target = "vpnc-lab.target";

    private static readonly string[] Masked =
    [
        "apt-daily.timer", "apt-daily-upgrade.timer", "console-getty.service", "e2scrub_reap.service", "getty.target", "ldconfig.service",
        "packagekit.service", "systemd-ask-password-console.path", "systemd-ask-password-wall.path", "systemd-binfmt.service",
        "systemd-firstboot.service", "systemd-hwdb-update.service", "systemd-journal-catalog-update.service", "systemd-journal-flush.service",
        "systemd-logind.service", "systemd-machine-id-commit.service", "systemd-modules-load.service", "systemd-networkd.service",
        "systemd-networkd.socket", "systemd-networkd-wait-online.service", "systemd-pcrphase.service", "systemd-pcrphase-sysinit.service",
        "systemd-pstore.service", "systemd-random-seed.service", "systemd-remount-fs.service", "systemd-resolved.service",
        "systemd-sysctl.service", "systemd-timesyncd.service", "systemd-udevd.service", "systemd-udevd-control.socket",
        "systemd-udevd-kernel.socket", "systemd-udev-trigger.service", "systemd-update-done.service", "systemd-update-utmp.service",
        "systemd-vconsole-setup.service", "timers.target",
    ];

    private readonly StringBuilder _users = new();
    private readonly StringBuilder _groups = new();
    private readonly List<string> _binds = [];
    private int _userCount;

    public MachineImage(string name)
    {
        Name = name;
        Folder = Directory.CreateTempSubdirectory($"{name}-").FullName;
        Write("/etc/machine-id", Guid.NewGuid().ToString("N") + "\n");
        Write("/etc/hostname", "lab\n");
        Write("/etc/hosts", "127.0.0.1 localhost lab\n::1 localhost\n");
        Write("/etc/nsswitch.conf", "passwd: files\ngroup: files\nshadow: files\nhosts: files dns\nservices: files\nprotocols: files\n");
        Write("/etc/systemd/journald.conf.d/zz-lab.conf", "[Journal]\nStorage=volatile\nForwardToSyslog=no\nForwardToWall=no\n");
        Write("/etc/systemd/system.conf.d/zz-lab.conf", $"[Manager]\nDefaultTimeoutStartSec={LabHost.Patience(30).TotalSeconds:0}\nDefaultTimeoutStopSec={LabHost.Patience(10).TotalSeconds:0}\n");
        Write($"/etc/systemd/system/{Target}", "[Unit]\nDescription=The lab is up\nRequires=basic.target\nAfter=basic.target\nAllowIsolate=yes\n");
        foreach (var unit in Masked)
        {
            Link($"/etc/systemd/system/{unit}", "/dev/null");
        }
    }

    public string Name { get; }

    internal string Folder { get; }

    /// <summary>The folder below which the machine's own files lie, before anything was added.</summary>
    internal static string Root => Environment.GetEnvironmentVariable(RootVariable) is { Length: > 0 } root ? Path.GetFullPath(root) : "/";

    internal IReadOnlyList<string> Binds => _binds;

    /// <summary>Adds a file at its place inside the machine.</summary>
    public void Write(string path, string content, UnixFileMode mode = (UnixFileMode)0b110_100_100)
    {
        var place = Place(path);
        File.WriteAllText(place, content);
        File.SetUnixFileMode(place, mode);
    }

    /// <summary>Copies an executable of the host to its place inside the machine.</summary>
    public void Install(string source, string path)
    {
        var place = Place(path);
        File.Copy(source, place, overwrite: true);
        File.SetUnixFileMode(place, (UnixFileMode)0b111_101_101);
    }

    public void Link(string path, string target) => File.CreateSymbolicLink(Place(path), target);

    /// <summary>Shows a folder of the host inside the machine, read-only.</summary>
    public void Bind(string source, string path) => _binds.Add($"--bind-ro={source}:{path}");

    /// <summary>Adds a system user with a group of the same name.</summary>
    public void AddUser(string name)
    {
        var id = FirstUser + _userCount++;
        _users.Append(null, $"{name}:x:{id}:{id}::/nonexistent:/usr/sbin/nologin\n");
        _groups.Append(null, $"{name}:x:{id}:\n");
    }

    public void Dispose()
    {
        if (Directory.Exists(Folder))
        {
            Directory.Delete(Folder, recursive: true);
        }
    }

    internal void Finish()
    {
        File.WriteAllText($"{Folder}/passwd", _users.ToString());
        File.WriteAllText($"{Folder}/group", _groups.ToString());
    }

    private string Place(string path)
    {
        var place = $"{Folder}/upper{path}";
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        return place;
    }
}
