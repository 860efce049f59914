using System.Diagnostics;
using System.Globalization;

namespace VpnConfinement.Linux.Systemd;

/// <summary>The running systemd, talked to by systemctl with an argument list (docs/adr/0004). No shell, no search of PATH.</summary>
public sealed class Systemctl
{
    /// <summary>Oldest systemd that has all that the units use: 249 (docs/architecture.md).</summary>
    public const int MinimumVersion = 249;

    private static readonly string[] Places = ["/usr/bin/systemctl", "/bin/systemctl"];

    private readonly string _path;

    private Systemctl(string path) => _path = path;

    /// <summary>Finds systemctl and makes sure that a systemd new enough is running.</summary>
    /// <exception cref="SystemFailure">There is none, it is not running, or it is too old.</exception>
    public static Systemctl Open()
    {
        var path = Array.Find(Places, File.Exists)
            ?? throw new SystemFailure("systemctl was not found in /usr/bin or /bin", "vpn-confinement needs a Linux system with systemd");
        if (!Directory.Exists("/run/systemd/system"))
        {
            throw new SystemFailure("systemd is not running as the init system (/run/systemd/system is not there)", "run this on the booted system, not in a chroot or a container without systemd");
        }

        var systemctl = new Systemctl(path);
        var version = ParseVersion(systemctl.Run(["--version"]));
        return version >= MinimumVersion
            ? systemctl
            : throw new SystemFailure($"systemd {version} is too old: {MinimumVersion} or newer is needed", "upgrade the system; older versions cannot confine a service as the units need it");
    }

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
    public void Start(IReadOnlyCollection<string> units) => RunOn("start", units);

    /// <summary>Stops units and waits for them.</summary>
    public void Stop(IReadOnlyCollection<string> units) => RunOn("stop", units);

    /// <summary>Asks for units to be started and does not wait.</summary>
    public void StartNoBlock(IReadOnlyCollection<string> units)
    {
        if (units.Count > 0)
        {
            Run(["start", "--no-block", "--", .. units]);
        }
    }

    /// <summary>Properties of a unit; a property that the unit does not have is absent.</summary>
    public IReadOnlyDictionary<string, string> Show(string unit, params IReadOnlyList<string> properties)
    {
        var values = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var line in Run(["show", "--property=" + string.Join(',', properties), "--", unit]).Split('\n'))
        {
            var equals = line.IndexOf('=', StringComparison.Ordinal);
            if (equals > 0)
            {
                values[line[..equals]] = line[(equals + 1)..];
            }
        }

        return values;
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
        && (Show(unit, "TriggeredBy").GetValueOrDefault("TriggeredBy") ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Any(s => Show(s, "Accept").GetValueOrDefault("Accept") == "yes");

    /// <summary>True unless the unit is surely down: on its way up or down, or a state that is not known, counts as up.</summary>
    public bool IsUp(string unit) => Show(unit, "ActiveState").GetValueOrDefault("ActiveState") is not ("inactive" or "failed");

    /// <summary>Whether systemd has anything of that name, be it only what is left of a unit whose file is gone.</summary>
    public bool IsKnown(string unit)
    {
        var shown = Show(unit, "LoadState", "ActiveState");
        return shown.GetValueOrDefault("LoadState") is not "not-found" || shown.GetValueOrDefault("ActiveState") is not "inactive";
    }

    /// <summary>The units that are up: the unit itself, or for a template each of its instances.</summary>
    public IReadOnlyList<string> UpUnits(string unit)
    {
        var template = unit.IndexOf("@.", StringComparison.Ordinal);
        if (template < 0)
        {
            return IsUp(unit) ? [unit] : [];
        }

        var pattern = unit[..(template + 1)] + "*" + unit[(template + 1)..];
        return
        [
            .. Run(["list-units", "--plain", "--no-legend", "--full", "--state=active,activating,reloading", "--", pattern]).Split('\n')
                .Select(l => l.Trim().Split(' ')[0]).Where(n => n.Length > 0),
        ];
    }

    private void RunOn(string verb, IReadOnlyCollection<string> units)
    {
        if (units.Count > 0)
        {
            Run([verb, "--", .. units]);
        }
    }

    private string Run(IReadOnlyList<string> arguments)
    {
        var start = new ProcessStartInfo(_path) { RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true, UseShellExecute = false };
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["SYSTEMD_PAGER"] = "";
        start.Environment["SYSTEMD_COLORS"] = "0";
        start.Environment["LC_ALL"] = "C.UTF-8";
        using var process = Process.Start(start) ?? throw new SystemFailure($"{_path} could not be started", "check that systemd is installed whole");
        process.StandardInput.Close();
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return process.ExitCode == 0
            ? output
            : throw new SystemFailure($"systemctl {string.Join(' ', arguments)} failed with status {process.ExitCode}: {error.GetAwaiter().GetResult().Trim()}", "see 'journalctl -xe' for what systemd says");
    }
}
