using System.Globalization;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Model;
using VpnConfinement.State;
using VpnConfinement.Validation;

namespace VpnConfinement.Linux.Systemd;

/// <summary>The running systemd, talked to by systemctl with an argument list (docs/adr/0004). No shell, no search of PATH.</summary>
public sealed class Systemctl
{
    // Units that are started or stopped at once: with more, making their mount namespaces contends for one lock of the kernel until start timeouts pass.
    private const int Batch = 16;

    // Arguments that a message shows.
    private const int Shown = 12;

    // Units of one 'systemctl show': far below the kernel's bound on arguments (2 MiB).
    private const int ShowBatch = 256;

    // Since systemd 262 the units of one call are one transaction (EnqueueUnitJobMany): where one is refused, none gets its
    // turn.
    private const string AllRefused = "Failed to enqueue jobs";

    // What systemctl says where a job to start the unit replaced the one that stops it (systemctl(1), --job-mode=replace).
    private const string GaveWay = " canceled";
    private const int StopsAsked = 3;

    private const string Remedy = "see 'journalctl -xe' for what systemd says";

    private static readonly string[] Places = ["/usr/bin/systemctl", "/bin/systemctl"];

    // With hundreds of units on a slow machine systemd is busy for longer than the 25 s that a caller waits for an answer by itself (sd_bus_set_method_call_timeout(3)).
    private static readonly string[] Environment = ["LC_ALL=C.UTF-8", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "SYSTEMD_COLORS=0", "SYSTEMD_PAGER=", "SYSTEMD_BUS_TIMEOUT=90s"];

    private readonly string _path;

    internal Systemctl(string path) => _path = path;

    /// <summary>Finds systemctl and makes sure that a systemd new enough is running.</summary>
    /// <exception cref="SystemFailure">There is none, it is not running, or it is too old.</exception>
    public static Systemctl Open()
    {
        var systemctl = OfUnits();
        if (!Directory.Exists("/run/systemd/system"))
        {
            throw new SystemFailure("systemd is not running as the init system (/run/systemd/system is not there)", "run this on the booted system, not in a chroot or a container without systemd");
        }

        var version = ParseVersion(systemctl.Run(["--version"]));
        return version >= SystemdFact.LeastVersion
            ? systemctl
            : throw new SystemFailure(
                $"systemd {version} is too old: {SystemdFact.LeastVersion} or newer is needed",
                "upgrade the system; older versions cannot confine a service as the units need it");
    }

    /// <summary>Finds systemctl for a command that a unit runs: that systemd runs and is new enough is known then, and asking costs.</summary>
    /// <exception cref="SystemFailure">It is not there.</exception>
    public static Systemctl OfUnits() => new(Array.Find(Places, File.Exists)
        ?? throw new SystemFailure("systemctl was not found in /usr/bin or /bin", "vpn-confinement needs a Linux system with systemd"));

    /// <summary>What <c>systemctl --version</c> prints: a line with the number and one with the features; null where no systemd runs or it does not say.</summary>
    public static string? VersionText()
    {
        if (Array.Find(Places, File.Exists) is not { } path || !Directory.Exists("/run/systemd/system"))
        {
            return null;
        }

        try
        {
            return new Systemctl(path).Run(["--version"]);
        }
        catch (SystemFailure)
        {
            // Not knowing is an answer of its own to whoever asks.
            return null;
        }
    }

    /// <summary>The number in the first line of <c>systemctl --version</c>: <c>systemd 252 (252.39-1~deb12u1)</c>.</summary>
    /// <exception cref="SystemFailure">The text has no such number.</exception>
    public static int ParseVersion(string text)
    {
        var words = text.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries);
        return words.Length > 1 && int.TryParse(words[1].Split('.', '~', '-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var version)
            ? version
            : throw new SystemFailure($"cannot tell the version of systemd from '{text.Split('\n')[0]}'", "run 'systemctl --version' and report what it prints");
    }

    /// <summary>Reads all unit files again.</summary>
    public void DaemonReload() => Run(["daemon-reload"]);

    /// <summary>Starts units and waits for them.</summary>
    /// <exception cref="SystemFailure">Some did not start; each was tried.</exception>
    public void Start(IReadOnlyCollection<string> units) => RunOn("start", units);

    /// <summary>
    /// Stops units and waits for them; those that are frozen are thawed first. A stop that gives way to a start, such as
    /// of what wants the unit, is asked for again.
    /// </summary>
    /// <exception cref="SystemFailure">Some did not stop; each was tried.</exception>
    public void Stop(IReadOnlyCollection<string> units)
    {
        if (units.Count > 0)
        {
            RunOn("thaw", ControlGroup.FrozenAmong(units));
            StopThawed(units);
        }
    }

    /// <summary>The same, where none is frozen.</summary>
    internal void StopThawed(IReadOnlyCollection<string> units)
    {
        for (var left = StopsAsked - 1; ; left--)
        {
            try
            {
                RunOn("stop", units);
                return;
            }
            catch (SystemFailure failure)
                when (left > 0 && failure.Message.Contains(GaveWay, StringComparison.Ordinal))
            {
                // The next one stops what was started.
            }
        }
    }

    /// <summary>Stops a unit where it is up, starts it and waits for it.</summary>
    public void Restart(string unit) => Run(["restart", "--", unit]);

    /// <summary>Has a stopped unit's descriptor store closed (systemd 254 and later).</summary>
    public void CleanDescriptorStore(string unit) => Run(["clean", "--what=fdstore", "--", unit]);

    /// <summary>Asks for units to be started and does not wait.</summary>
    /// <exception cref="SystemFailure">systemd refused some; each was asked for.</exception>
    public void StartNoBlock(IReadOnlyCollection<string> units) => RunOn("start", units, "--no-block");

    /// <summary>Asks for a unit that is up to be restarted, with what depends on it, and does not wait. One that is down stays down.</summary>
    /// <exception cref="SystemFailure">Somebody else is about to start or stop it.</exception>
    public void TryRestartNoBlock(string unit) => Run(["try-restart", "--no-block", "--job-mode=fail", "--", unit]);

    /// <summary>Asks for a unit to be stopped and does not wait; one that is frozen is thawed first.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="insist">Whether to stop it though somebody else is about to start it.</param>
    /// <exception cref="SystemFailure">Somebody else is about to start it.</exception>
    public void StopNoBlock(string unit, bool insist)
    {
        RunOn("thaw", ControlGroup.FrozenAmong([unit]));
        Run(["stop", "--no-block", insist ? "--job-mode=replace" : "--job-mode=fail", "--", unit]);
    }

    /// <summary>Sends a signal to all processes of a unit; false where it has none, or systemd refuses.</summary>
    internal bool TryKill(string unit, int signal) => ChildProcess.Run(
        _path, ["kill", $"--signal={signal.ToString(CultureInfo.InvariantCulture)}", "--", unit], Environment).Status == 0;

    /// <summary>Properties of a unit; a property that the unit does not have is absent.</summary>
    public IReadOnlyDictionary<string, string> Show(string unit, params IReadOnlyList<string> properties) => ShowAll([unit], properties)[unit];

    /// <summary>Properties of units, by the names given, <c>LoadState</c> always among them; a unit that is not there has that of not-found.</summary>
    /// <exception cref="SystemFailure">systemd did not tell of each: not knowing is not passing.</exception>
    public Dictionary<string, IReadOnlyDictionary<string, string>> ShowAll(IReadOnlyCollection<string> units, params IReadOnlyList<string> properties)
    {
        var shown = new Dictionary<string, IReadOnlyDictionary<string, string>>(StringComparer.Ordinal);
        foreach (var chunk in units.Chunk(ShowBatch))
        {
            // A paragraph for each unit, in the order asked for; LoadState is asked for as well, so that none is empty.
            var asked = "--property=" + string.Join(',', properties.Append("LoadState").Distinct());
            var paragraphs = Run(["show", asked, "--", .. chunk]).Split("\n\n");

            // An argument of a command may have an empty line: asked alone, a unit is one paragraph, whatever is in it.
            if (paragraphs.Length > chunk.Length)
            {
                paragraphs = [.. chunk.Select(unit => Run(["show", asked, "--", unit]))];
            }

            if (paragraphs.Length != chunk.Length || !paragraphs.All(p => p.Contains("LoadState=", StringComparison.Ordinal)))
            {
                throw new SystemFailure($"'systemctl show' was asked for {chunk.Length} units and told of {paragraphs.Length}, or of one without its LoadState", "run it again; if it happens twice, report it with the output of 'systemctl --version'");
            }

            foreach (var (unit, paragraph) in chunk.Zip(paragraphs))
            {
                // Commands come as a line each.
                shown[unit] = paragraph.Split('\n').Select(l => l.Split('=', 2)).Where(p => p.Length == 2).GroupBy(p => p[0], p => p[1], StringComparer.Ordinal)
                    .ToDictionary(g => g.Key, g => string.Join('\n', g), StringComparer.Ordinal);
            }
        }

        return shown;
    }

    /// <summary>The places where a socket unit listens, as systemd writes them: <c>[::]:8080 (Stream)</c>.</summary>
    public IReadOnlyList<string> ListensOf(string socket)
    {
        const string Key = "Listen=";
        return [.. Run(["show", "--property=Listen", "--", socket]).Split('\n').Where(l => l.StartsWith(Key, StringComparison.Ordinal)).Select(l => l[Key.Length..])];
    }

    /// <summary>Whether a unit serves one connection that a socket with Accept=yes took: it ends with that, and nobody can start it again.</summary>
    public bool IsOneConnection(string unit) =>
        unit.Contains('@', StringComparison.Ordinal)
        && UnitWords.Split(Show(unit, "TriggeredBy").GetValueOrDefault("TriggeredBy") ?? "")
            .Any(s => Show(s, "Accept").GetValueOrDefault("Accept") == "yes");

    /// <summary>True unless the unit is surely down: on its way up or down, or a state that is not known, counts as up.</summary>
    public bool IsUp(string unit) => StateOf(unit) is not ("inactive" or "failed");

    /// <summary>Whether the unit is up, and neither on its way up nor down.</summary>
    internal bool IsActive(string unit) => StateOf(unit) is "active";

    /// <summary>systemd's word for the state of a unit (<c>ActiveState</c>), or null.</summary>
    internal string? StateOf(string unit) => Show(unit, "ActiveState").GetValueOrDefault("ActiveState");

    /// <summary>Those of some units of which systemd has anything, be it only what is left of a unit whose file is gone.</summary>
    public IReadOnlyList<string> Known(IReadOnlyCollection<string> units)
    {
        var snapshot = UnitSnapshot.Take(this, units, "LoadState", "ActiveState");
        return [.. units.Where(u => snapshot.Of(u, "LoadState") is not "not-found" || snapshot.Of(u, "ActiveState") is not "inactive")];
    }

    /// <summary>Those of some units that are up or about to start, each template's instances in its place.</summary>
    public IReadOnlyList<string> UpUnits(IReadOnlyCollection<string> units)
    {
        var snapshot = UnitSnapshot.Take(this, units, "ActiveState", "Job");
        return [.. units.SelectMany(u => UnitName.IsTemplateName(u) ? Instances(u) : IsDown(snapshot, u) ? [] : [u])];
    }

    /// <summary>Those of some units that are neither up nor about to start.</summary>
    public IReadOnlySet<string> DownAmong(IReadOnlyCollection<string> units) =>
        units.Except(UpUnits(units)).ToHashSet(StringComparer.Ordinal);

    /// <summary>The instances of a template that are up or about to start.</summary>
    public IReadOnlyList<string> Instances(string template) =>
    [
        // What is down is listed only while it waits for its start. Columns: name, load state, active state.
        .. Run(["list-units", "--plain", "--no-legend", "--full", "--", UnitName.WithInstance(template, "*")]).Split('\n')
            .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(c => c.Length > 2 && c[2] != "failed").Select(c => c[0]),
    ];

    /// <summary>The services and sockets that are up or about to start, by their full names.</summary>
    public IReadOnlyList<string> Running() =>
    [
        .. Run(["list-units", "--plain", "--no-legend", "--full", "--type=service,socket", "--state=active,activating,reloading"]).Split('\n')
            .Select(l => l.Split(' ', StringSplitOptions.RemoveEmptyEntries)).Where(c => c.Length > 2).Select(c => c[0]),
    ];

    /// <summary>Those of some units, or of these patterns, that have failed. Units that systemd has not loaded cost nothing.</summary>
    public IReadOnlySet<string> FailedAmong(IReadOnlyCollection<string> units) =>
        units.Count == 0 ? new HashSet<string>()
        : Run(["list-units", "--plain", "--no-legend", "--full", "--state=failed", "--", .. units]).Split('\n')
            .Select(line => line.Split(' ', 2)[0]).Where(name => name.Length > 0).ToHashSet(StringComparer.Ordinal);

    /// <summary>Forgets that units of these patterns have failed.</summary>
    public void ResetFailed(IReadOnlyCollection<string> patterns)
    {
        // Without any it would be every unit of the host.
        if (patterns.Count > 0)
        {
            Run(["reset-failed", "--", .. patterns]);
        }
    }

    private static bool IsDown(UnitSnapshot snapshot, string unit) =>
        snapshot.Of(unit, "ActiveState") is "inactive" or "failed" && snapshot.Of(unit, "Job") is null or "" or "0";

    // A unit that fails keeps no other from its turn, and the failure is told at the end.
    private void RunOn(string verb, IReadOnlyCollection<string> units, params string[] options)
    {
        var failures = new List<SystemFailure>();
        foreach (var batch in units.Chunk(Batch))
        {
            RunBatch([verb, .. options, "--"], batch, failures);
        }

        if (failures.Count > 0)
        {
            throw new SystemFailure(string.Join("; ", failures.Select(f => f.Message)), Remedy, failures[0]);
        }
    }

    private void RunBatch(string[] call, string[] batch, List<SystemFailure> failures)
    {
        try
        {
            Run([.. call, .. batch]);
        }
        catch (SystemFailure failure)
            when (batch.Length > 1 && failure.Message.Contains(AllRefused, StringComparison.Ordinal))
        {
            foreach (var unit in batch)
            {
                RunBatch(call, [unit], failures);
            }
        }
        catch (SystemFailure failure)
        {
            failures.Add(failure);
        }
    }

    private string Run(IReadOnlyList<string> arguments)
    {
        var result = ChildProcess.Run(_path, arguments, Environment);
        return result.Status == 0
            ? result.Output
            : throw new SystemFailure($"systemctl {Brief(arguments)} failed with status {result.Status}: {result.Error.Trim()}", Remedy);
    }

    /// <summary>Arguments as a message shows them: of many units the first.</summary>
    internal static string Brief(IReadOnlyList<string> arguments) =>
        string.Join(' ', arguments.Take(Shown)) + (arguments.Count > Shown ? $" ... ({arguments.Count - Shown} more)" : "");
}
