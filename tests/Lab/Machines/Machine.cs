using System.Diagnostics;
using System.Globalization;
using VpnConfinement.Lab.Interop;
using VpnConfinement.Lab.Processes;

namespace VpnConfinement.Lab.Machines;

/// <summary>
/// A real systemd, booted over this machine's own root or another Debian's, in namespaces of its own. It ends when this object is disposed of or this
/// process is gone: the boot script waits for its standard input to close.
/// </summary>
public sealed class Machine : IDisposable
{
    private const string SearchPath = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process _script;
    private readonly MachineImage _image;
    private readonly string _log;

    private Machine(Process script, MachineImage image, string log)
    {
        _script = script;
        _image = image;
        _log = log;
        Leader = WaitForLeader(script, log);
    }

    /// <summary>The machine's process 1, as this machine numbers it.</summary>
    public int Leader { get; private set; }

    /// <summary>The machine's root folder as seen from outside.</summary>
    public string Root => $"/proc/{Leader}/root";

    /// <summary>How to run a command inside by hand.</summary>
    public string EnterCommand => $"nsenter -t {Leader} -a";

    /// <summary>Boots the image and returns when its system is up.</summary>
    public static Machine Boot(MachineImage image)
    {
        image.Finish();
        var log = $"{image.Folder}/console.log";
        var script = Command.Start([
            "unshare", "--mount", "--propagation", "private", "--", "/bin/sh", $"{AppContext.BaseDirectory}/Machines/boot.sh",
            image.Name, image.Folder, log, MachineImage.Root, .. image.Binds, $"systemd.unit={MachineImage.Target}"]);
        try
        {
            var machine = new Machine(script, image, log);
            machine.WaitForBoot();
            return machine;
        }
        catch
        {
            End(script);
            throw;
        }
    }

    /// <summary>Reboots and returns when the system is up again. The machine then has another <see cref="Leader"/> and a network of its own anew.</summary>
    /// <param name="early">What is done as soon as there is a process 1, while the machine boots.</param>
    public void Reboot(Action early)
    {
        Run("systemctl", "reboot").OrThrow();
        _script.StandardInput.WriteLine();
        Leader = WaitForLeader(_script, _log);
        early();
        WaitForBoot();
    }

    /// <summary>Runs a command inside the machine with a clean environment.</summary>
    public CommandResult Run(params ReadOnlySpan<string> command) =>
        Command.Run(["nsenter", "-t", $"{Leader}", "-a", "--", "/usr/bin/env", "-i", SearchPath, "LC_ALL=C", "NO_COLOR=1", .. command])
            with { Command = string.Join(' ', command) };

    public string ReadFile(string path) => File.ReadAllText(Root + path);

    /// <summary>The state of a unit: active, inactive, failed, ...</summary>
    public string UnitState(string unit) => Run("systemctl", "is-active", unit).Output.Trim();

    /// <summary>Waits until a unit is in a state; says in the end whether it is.</summary>
    public bool WaitForUnit(string unit, string state, TimeSpan patience)
    {
        var clock = Stopwatch.StartNew();
        while (UnitState(unit) != state)
        {
            if (clock.Elapsed > patience)
            {
                return false;
            }

            Thread.Sleep(100);
        }

        return true;
    }

    /// <summary>Processes of a unit, as this machine numbers them.</summary>
    public IReadOnlyList<int> ProcessesOf(string unit)
    {
        var found = new List<int>();
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder), out var pid) && IsOf(pid, unit))
            {
                found.Add(pid);
            }
        }

        return found;
    }

    public void Dispose() => End(_script);

    private bool IsOf(int pid, string unit) =>
        Read($"/proc/{pid}/cgroup").Split('\n').Any(line => line.Contains($"/{_image.Name}/", StringComparison.Ordinal)
            && line.EndsWith($"/system.slice/{unit}", StringComparison.Ordinal));

    private void WaitForBoot()
    {
        var clock = Stopwatch.StartNew();
        while (UnitState(MachineImage.Target) != "active")
        {
            if (clock.Elapsed > Patience || _script.HasExited || !IsAlive(Leader))
            {
                throw new InvalidOperationException($"The machine did not come up within {Patience.TotalSeconds:0} s:\n{Tail(_log)}");
            }

            Thread.Sleep(50);
        }
    }

    private static int WaitForLeader(Process script, string log)
    {
        if (!int.TryParse(script.StandardOutput.ReadLine(), out var nspawn))
        {
            throw new InvalidOperationException($"The machine could not be prepared: {script.StandardError.ReadToEnd().Trim()}");
        }

        var clock = Stopwatch.StartNew();
        while (clock.Elapsed < Patience && IsAlive(nspawn))
        {
            foreach (var child in Read($"/proc/{nspawn}/task/{nspawn}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                if (Read($"/proc/{child}/comm").Trim() == "systemd")
                {
                    return int.Parse(child, CultureInfo.InvariantCulture);
                }
            }

            Thread.Sleep(20);
        }

        throw new InvalidOperationException($"systemd-nspawn did not start a machine:\n{Tail(log)}");
    }

    // A dead process that its parent has not yet asked about still has its folder in /proc.
    private static bool IsAlive(int pid) => Read($"/proc/{pid}/stat") is { Length: > 0 } stat && stat[(stat.LastIndexOf(')') + 2)..][0] != 'Z';

    // Processes come and go between a look and the next.
    private static string Read(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static string Tail(string log) => File.Exists(log) ? string.Join('\n', File.ReadLines(log).TakeLast(20)) : "(no console output)";

    private static void End(Process script)
    {
        script.StandardInput.Close();
        if (!script.WaitForExit(TimeSpan.FromSeconds(15)))
        {
            _ = Libc.Kill(script.Id, Libc.SIGKILL);
            script.WaitForExit();
        }

        script.Dispose();
    }
}
