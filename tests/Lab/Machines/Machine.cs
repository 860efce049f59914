using System.Diagnostics;
using System.Globalization;
using VpnConfinement.Lab.Interop;
using VpnConfinement.Lab.Processes;

namespace VpnConfinement.Lab.Machines;

/// <summary>
/// A real systemd, booted over this machine's own root or that of another Debian, in namespaces of its own. It ends when this object is disposed of or this
/// process is gone: the boot script waits for its standard input to close.
/// </summary>
public sealed class Machine : IDisposable
{
    private const string SearchPath = "PATH=/usr/sbin:/usr/bin:/sbin:/bin";
    private static readonly TimeSpan Patience = LabHost.Patience(60);

    private readonly Process _script;
    private readonly MachineImage _image;

    private int _nspawn;

    private Machine(Process script, MachineImage image)
    {
        _script = script;
        _image = image;
    }

    /// <summary>The machine's process 1, as this machine numbers it; another one after each boot.</summary>
    public int Leader { get; private set; }

    /// <summary>The machine's root folder as seen from outside.</summary>
    public string Root => $"/proc/{Leader}/root";

    /// <summary>How to run a command inside by hand.</summary>
    public string EnterCommand => $"nsenter -t {Leader} -a";

    private string Log => $"{_image.Folder}/console.log";

    /// <summary>Boots the image in a network namespace that is its own from then on, and returns when its system is up.</summary>
    internal static Machine Boot(MachineImage image, NetworkNamespace place)
    {
        image.Finish();
        var script = Command.Start([
            "unshare", "--mount", "--propagation", "private", "--", "/bin/sh", $"{AppContext.BaseDirectory}/Machines/boot.sh",
            image.Name, image.Folder, $"{image.Folder}/console.log", MachineImage.Root, .. image.Binds, $"systemd.unit={MachineImage.Target}"]);
        var machine = new Machine(script, image);
        try
        {
            machine.BootIn(place);
            return machine;
        }
        catch
        {
            End(script);
            throw;
        }
    }

    /// <summary>Boots once more, from the same disk, after <see cref="WaitForEnd"/>; a machine that reboots loses its network with the old kernel.</summary>
    internal void BootAgain(NetworkNamespace place) => BootIn(place);

    /// <summary>Waits until the machine is down: no process of it is left.</summary>
    public void WaitForEnd()
    {
        var clock = Stopwatch.StartNew();
        while (IsAlive(_nspawn))
        {
            if (clock.Elapsed > Patience)
            {
                throw new InvalidOperationException($"The machine did not go down within {Patience.TotalSeconds:0} s:\n{Tail(Log)}");
            }

            Thread.Sleep(20);
        }
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

    /// <summary>Waits until a unit is in a state.</summary>
    /// <exception cref="InvalidOperationException">
    /// It is not, a minute later. Says what systemd and the journal have of it.
    /// </exception>
    public void RequireUnit(string unit, string state) =>
        Eventually.See($"{unit} is {state}", () => UnitState(unit), now => now == state, () => Told(unit));

    /// <summary>What systemd says of units, and the end of the journal: for the message of a failure.</summary>
    public string Told(params ReadOnlySpan<string> units)
    {
        var status = Run(["systemctl", "status", "--no-pager", "--full", "--lines=0", .. units]).Output;
        return status + Run("journalctl", "-q", "--no-pager", "-o", "short-precise", "-n", "60").Output;
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

    private void BootIn(NetworkNamespace place)
    {
        _script.StandardInput.WriteLine(place.Path);
        _script.StandardInput.Flush();
        if (!int.TryParse(_script.StandardOutput.ReadLine(), out _nspawn))
        {
            throw new InvalidOperationException($"The machine could not be prepared: {_script.StandardError.ReadToEnd().Trim()}");
        }

        Leader = WaitForLeader(_nspawn, Log);
        WaitForBoot(Log);
    }

    private void WaitForBoot(string log)
    {
        var clock = Stopwatch.StartNew();
        while (UnitState(MachineImage.Target) != "active")
        {
            if (clock.Elapsed > Patience || _script.HasExited || !IsAlive(Leader))
            {
                throw new InvalidOperationException($"The machine did not come up within {Patience.TotalSeconds:0} s:\n{Tail(log)}");
            }

            Thread.Sleep(50);
        }
    }

    private static int WaitForLeader(int nspawn, string log)
    {
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
        if (!script.WaitForExit(LabHost.Patience(15)))
        {
            _ = Libc.Kill(script.Id, Libc.SIGKILL);
            script.WaitForExit();
        }

        script.Dispose();
    }
}
