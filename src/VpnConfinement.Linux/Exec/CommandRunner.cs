using System.Diagnostics;
using VpnConfinement.Linux.Apply;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Plan;
using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Linux.Exec;

/// <summary>
/// Runs a command in a namespace, as a transient unit with what was applied for that (S-41). Whatever fails before it
/// runs keeps it from running.
/// </summary>
public sealed class CommandRunner
{
    // As long as the tunnel's units may take to stop (GeneratedUnits).
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);

    private readonly CommandRequest _request;
    private readonly Systemctl _systemctl;
    private readonly ManifestNamespace _namespace;
    private readonly UnitSettings _settings;
    private readonly string _folder;

    private CommandRunner(CommandRequest request)
    {
        _request = request;
        _systemctl = Systemctl.Open();
        var manifest = ManifestStore.LoadKnown();
        _namespace = manifest.Namespaces.FirstOrDefault(n => n.Name == request.Namespace)
            ?? throw Unknown(request.Namespace, [.. manifest.Namespaces.Select(n => n.Name)]);
        var path = StateLayout.CommandSettings(_namespace.Name);
        if (manifest.Files.All(f => f.Path != path) || StateFile.Read(path) is not { } text)
        {
            throw new SystemFailure(
                $"namespace {_namespace.Name} has no {path}, which confines commands",
                "run 'vpn-confinement apply' once");
        }

        _settings = UnitSettings.Read([new SourceText(path, text)]);
        _folder = FolderOf(request);
    }

    /// <summary>Runs it to its end.</summary>
    /// <returns>How it ended.</returns>
    /// <exception cref="UnknownName">No applied namespace has the name.</exception>
    /// <exception cref="SystemFailure">It cannot be run; nothing of it has run.</exception>
    public static CommandEnd Run(CommandRequest request)
    {
        CommandStreams.Check();
        return new CommandRunner(request).Run();
    }

    private CommandEnd Run()
    {
        RequireText();
        var user = CommandUser.Of(_request.User, Environment.GetEnvironmentVariable);
        var terminal = WantsTerminal();
        var ours = Environment.GetEnvironmentVariables().Cast<System.Collections.DictionaryEntry>()
            .ToDictionary(v => (string)v.Key, v => (string)v.Value!, StringComparer.Ordinal);
        var variables = CommandEnvironment.Choose(ours, _request.Variables, _folder);
        using var caller = CallerPipe.Open(CommandEnvironment.Text(variables));
        var unit = StateLayout.CommandUnit(_namespace.Name, caller.Id);
        using var signals = new CommandSignals(unit);
        var callerUnit = StateLayout.CallerUnit(_namespace.Name, caller.Id);
        StartCaller(caller, callerUnit, unit, signals);
        if (signals.First is { } early)
        {
            return new CommandEnd(128 + early, null, null);
        }

        var run = new TransientUnit(unit, callerUnit, _settings, _namespace.Name);
        var child = ChildProcess.StartWithStreams(
            SystemdRun.Path,
            run.Arguments(new TransientCommand(user, _folder, caller.Variables, Umask(), terminal, _request.Words)),
            SystemdRun.Environment(ours.GetValueOrDefault("TERM")), ownGroup: !terminal);
        ChildProcess.WaitFor(child);
        var shown = WaitForEnd(unit);
        var end = CommandEnd.Of(_namespace.Name, caller.Told(), shown, IsTunnelLost(callerUnit));
        if (end is not { Status: CommandEnd.Failed, Message: { } message })
        {
            return end;
        }

        ForgetGate(unit);
        return end with { Message = message + GateSaid(unit) };
    }

    // Bound to the tunnel as the command is, so that the tunnel is needed until we end.
    private void StartCaller(CallerPipe caller, string callerUnit, string unit, CommandSignals signals)
    {
        var arguments = TransientUnit.CallerArguments(
            callerUnit, unit, caller.Path,
            [StateLayout.NetnsUnit(_namespace.Name), StateLayout.WireGuardUnit(_namespace.Interface)],
            [_request.Binary, "exec-caller", caller.Id]);
        var clock = Stopwatch.StartNew();
        ChildResult result;
        do
        {
            result = ChildProcess.Run(SystemdRun.Path, arguments, SystemdRun.Environment(null));
        }
        while (IsStopping(result) && clock.Elapsed < Patience && !signals.Waits(Pause));

        if (result.Status != 0)
        {
            var tunnel = StateLayout.WireGuardUnit(_namespace.Interface);
            throw new SystemFailure(
                $"the command did not run in namespace {_namespace.Name}: "
                + $"{tunnel} is {_systemctl.StateOf(tunnel) ?? "not known"} "
                + $"({result.Error.Trim().ReplaceLineEndings(" ")})",
                $"see 'systemctl status {tunnel}' and 'vpn-confinement status', then run 'vpn-confinement apply'");
        }
    }

    // A tunnel that nobody needs any more goes down, and systemd starts nothing against a stop that is under way.
    private static bool IsStopping(ChildResult result) =>
        result.Status != 0 && result.Error.Contains("is destructive", StringComparison.Ordinal);

    private IReadOnlyDictionary<string, string> WaitForEnd(string unit)
    {
        while (true)
        {
            var shown = _systemctl.Show(unit, CommandEnd.Properties);
            if (shown.GetValueOrDefault("ActiveState") is "inactive" or "failed")
            {
                return shown;
            }

            Thread.Sleep(Pause);
        }
    }

    // The caller's unit ends by us, and we have not ended it.
    private bool IsTunnelLost(string callerUnit)
    {
        var shown = _systemctl.Show(callerUnit, "ActiveState", "Job");
        return shown.GetValueOrDefault("ActiveState") is not "active"
            || shown.GetValueOrDefault("Job") is not (null or "" or "0");
    }

    // A gate that failed stays known, and by it the unit that it kept from running: systemd would go on holding our
    // standard streams for that one, and a reader of ours would never see their end.
    private void ForgetGate(string unit)
    {
        var gate = StateLayout.GateUnit(_namespace.Name, unit);
        if (_systemctl.StateOf(gate) == "failed")
        {
            _systemctl.ResetFailed([gate]);
        }
    }

    // systemd says only that a dependency failed.
    private string GateSaid(string unit) =>
        UnitJournal.LastLines(StateLayout.GateUnit(_namespace.Name, unit), 20)
            .LastOrDefault(l => l.Contains("may not start", StringComparison.Ordinal)) is { } line
            ? $" ({line})"
            : "";

    private bool WantsTerminal()
    {
        var input = CommandStreams.IsTerminal(0);
        return _request.Terminal switch
        {
            null => input && CommandStreams.IsTerminal(1),
            true when !input => throw new SystemFailure(
                "--tty needs a terminal on standard input", "run it at a terminal ('ssh -t'), or leave --tty out"),
            var wanted => wanted.Value,
        };
    }

    // systemd takes text only, and .NET has replaced what is none.
    private void RequireText()
    {
        if (_request.Words.FirstOrDefault(w => w.Contains('\ufffd', StringComparison.Ordinal)) is { } word)
        {
            throw new SystemFailure(
                $"systemd takes no argument that is not UTF-8: '{Visible.Text(word)}'",
                "give such names by standard input");
        }
    }

    private string FolderOf(CommandRequest request)
    {
        if (request.Folder is null && !Directory.Exists(Environment.CurrentDirectory))
        {
            throw new SystemFailure("the current folder is gone", "choose another one with --chdir");
        }

        var folder = Path.GetFullPath(request.Folder ?? Environment.CurrentDirectory);
        var real = folder.StartsWith("/var/run", StringComparison.Ordinal) ? folder["/var".Length..] : folder;
        return Hidden().FirstOrDefault(h => Model.HostPath.IsIn(real, h)) is { } hidden
            ? throw new SystemFailure(
                $"the command would not see the folder {Visible.Text(folder)}: it has a {hidden} of its own",
                "choose another one with --chdir, such as '--chdir /'")
            : folder;
    }

    private IEnumerable<string> Hidden() =>
        _settings.Words("Service", "TemporaryFileSystem").Concat(_settings.Words("Service", "InaccessiblePaths"))
            .Select(w => w.TrimStart('-').Split(':')[0].Replace("%%", "%", StringComparison.Ordinal))
            .Concat(["/tmp", "/var/tmp"]);

    private static string Umask() =>
        KernelFile.ReadLines("/proc/self/status").FirstOrDefault(l => l.StartsWith("Umask:", StringComparison.Ordinal))
            is { } line
            ? line["Umask:".Length..].Trim()
            : "0022";

    private static UnknownName Unknown(string name, IReadOnlyList<string> applied) => new(
        $"there is no applied namespace '{Visible.Text(name)}'", name, applied,
        applied.Count == 0 ? "run 'vpn-confinement apply' first" : $"applied are: {string.Join(", ", applied)}");
}
