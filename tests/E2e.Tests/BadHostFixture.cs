using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Processes;
using VpnConfinement.Lab.Scenarios;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// A machine with the program installed and nothing applied; each test leaves it that way. One that does not is named,
/// and the next test gets another machine.
/// </summary>
public sealed class BadHostFixture : IDisposable
{
    private readonly bool _isShared;

    private Laboratory? _laboratory;
    private MachineState? _pristine;
    private string? _test;
    private bool _isClean;

    public BadHostFixture()
        : this(isShared: false)
    {
    }

    /// <param name="isShared">
    /// Whether tests go on where earlier ones have ended; its owner then calls <see cref="Renew"/>.
    /// </param>
    internal BadHostFixture(bool isShared)
    {
        _isShared = isShared;
        Renew();
        Config = Read(Laboratory.ConfigFile);
    }

    /// <summary>The configuration that works.</summary>
    public string Config { get; }

    /// <summary>What is there now; another one after a test that left its machine in disorder.</summary>
    public Laboratory Laboratory
    {
        get
        {
            Enter();
            return _laboratory!;
        }
    }

    /// <summary>The test that runs now, as a failure names it.</summary>
    internal static string Test => TestContext.Current.Test?.TestDisplayName ?? "a fixture";

    public void Dispose() => _laboratory?.Dispose();

    /// <summary>Ends the machine and boots another one, with nothing of any test on it.</summary>
    public void Renew()
    {
        _laboratory?.Dispose();
        _laboratory = new Laboratory(Environment.GetEnvironmentVariable("VPNC_BINARY")
            ?? throw new InvalidOperationException("VPNC_BINARY must name the program under test; ./test sets it."));
        try
        {
            _laboratory.Start();
            _pristine = MachineState.Take(_laboratory.Machine);
            _isClean = true;
        }
        catch
        {
            _laboratory.Dispose();
            _laboratory = null;
            throw;
        }
    }

    /// <summary>Runs a shell line inside the machine.</summary>
    public CommandResult Shell(string line) => Laboratory.Machine.Run("/bin/sh", "-c", line);

    public CommandResult Product(params string[] arguments) => Laboratory.RunProduct(arguments);

    public string Read(string path) => Laboratory.Machine.ReadFile(path);

    public void Write(string path, string text) => File.WriteAllText(Laboratory.Machine.Root + path, text);

    /// <summary>
    /// The machine's time, for <see cref="Entries"/>. What was written before is in the journal by then.
    /// </summary>
    public string Now() => Shell("journalctl --sync; date '+%F %T.%6N'").OrThrow().Output.Trim();

    /// <summary>What the watcher of the namespace told of one kind since a time.</summary>
    public string Entries(string happening, string since) => Shell(
        $"journalctl --sync; journalctl -q -o cat VPNC_NAMESPACE=media VPNC_EVENT={happening} --since='{since}'")
        .OrThrow().Output;

    /// <summary>Waits until the watcher has told of something. It tells after it has done it.</summary>
    /// <param name="happening">The kind, as VPNC_EVENT has it.</param>
    /// <param name="since">A time that <see cref="Now"/> gave.</param>
    /// <param name="said">What one of its lines contains.</param>
    public string WaitForEntry(string happening, string since, string said = "") => Eventually.See(
        $"the watcher tells of '{happening}' {said}",
        () => Entries(happening, since),
        text => text.Length > 0 && text.Contains(said, StringComparison.Ordinal),
        Told);

    /// <summary>
    /// Waits until 'status' ends with a status and says something: after what nobody waits for by itself, such as a
    /// repair by the watcher or a start of the watcher by systemd.
    /// </summary>
    public void WaitForStatus(int exitStatus = 0, string said = "") => Eventually.See(
        $"'status' ends with {exitStatus} {said}",
        () => Product("status"),
        status => status.ExitCode == exitStatus && status.Output.Contains(said, StringComparison.Ordinal),
        Told);

    /// <summary>
    /// Waits until what a unit started is past the program that looks from inside: systemd counts a service as started
    /// before that.
    /// </summary>
    /// <returns>False where it refused, or the service is down for another reason.</returns>
    public bool IsPastItsGate(string unit) => Eventually.See(
        $"{unit} is past its start gate, or down",
        () => Shell(
            $"systemctl is-active {unit}; p=$(systemctl show -P MainPID {unit}); "
            + "basename \"$(readlink /proc/$p/exe)\"").Output,
        seen => seen.Split('\n') is [("failed" or "inactive"), ..]
            or ["active", not ("" or "systemd" or "systemd-executor" or "vpn-confinement-gate"), ..],
        () => Laboratory.Machine.Told(unit)).StartsWith("active", StringComparison.Ordinal);

    /// <summary>Waits until the watcher has looked at the peers of the tunnel, and so at its key.</summary>
    public void WaitForLookAtPeers()
    {
        var peer = Eventually.See(
            "the tunnel has a peer",
            () => Shell(LabHost.ShellDevice("media", "wg0") + "wg show $n peers").Output.Trim(),
            key => key.Length > 0);
        Eventually.See(
            "the watcher has looked at the peer",
            () => Read("/run/vpn-confinement/media.health"),
            text => text.Contains(peer[..20], StringComparison.Ordinal),
            Told);
    }

    /// <summary>Which run of a unit this is.</summary>
    public string Invocation(string unit) => Shell($"systemctl show -P InvocationID {unit}").OrThrow().Output.Trim();

    /// <summary>Waits until a unit runs anew.</summary>
    /// <param name="unit">The unit.</param>
    /// <param name="run">Its run of before.</param>
    public void WaitForAnotherRun(string unit, string run) => Eventually.See(
        $"another run of {unit}", () => Invocation(unit), now => now.Length > 0 && now != run,
        () => Laboratory.Machine.Told(unit));

    /// <summary>Kills all processes of a unit, and waits until they are gone.</summary>
    public void KillAll(string unit)
    {
        Shell($"systemctl kill --kill-who=all --signal=KILL {unit}").OrThrow();
        Eventually.See($"no process of {unit}", () => Laboratory.Machine.ProcessesOf(unit).Count, count => count == 0);
    }

    public bool Exists(string path) => Path.Exists(Laboratory.Machine.Root + path);

    /// <summary>Ends the watcher, so that what is damaged stays damaged; the next 'apply' starts it again.</summary>
    public void StopWatching() => Shell("systemctl stop vpn-confinement-watch@media").OrThrow();

    /// <summary>Has a unit "port-holder" hold UDP port 51999 of the host, where a tunnel's socket would be.</summary>
    public void HoldPort() => Shell(
        "systemd-run --quiet --unit=port-holder python3 -c 'import socket,time; a=socket.socket(socket.AF_INET6,socket.SOCK_DGRAM); a.bind((\"::\",51999)); time.sleep(600)'; for i in $(seq 600); do ss -Hlun 'sport = 51999' | grep -q . && exit; sleep 0.1; done; exit 1").OrThrow();

    /// <summary>'plan' and 'status' both say what differs.</summary>
    /// <param name="said">What they say.</param>
    /// <param name="exitStatus">That of 'status': 5 where what differs keeps something else from being told.</param>
    internal void RequireNamed(string said, int exitStatus = 4)
    {
        var (plan, status) = (Product("plan"), Product("status"));
        Assert.Contains(said, plan.Output.Split("files:")[0], StringComparison.Ordinal);
        Assert.Contains(said, status.Output, StringComparison.Ordinal);
        Assert.Equal((4, exitStatus), (plan.ExitCode, status.ExitCode));
    }

    /// <summary>
    /// Waits until nothing differs and the confined service runs: where the watcher repairs. Of what it makes anew
    /// just then, 'status' says that it goes down and comes up.
    /// </summary>
    internal void WaitUntilWhole()
    {
        Eventually.See(
            "nothing differs, and the service runs",
            () => (Status: Product("status"), Plan: Product("plan"), Unit: Laboratory.Machine.UnitState("downloader.service")),
            seen => seen is { Status.ExitCode: 0, Unit: "active" }
                && seen.Plan.Output.Contains("nothing to do", StringComparison.Ordinal),
            Told);
        RequireWhole();
    }

    /// <summary>Nothing differs, and the confined service runs.</summary>
    internal void RequireWhole()
    {
        var (plan, status) = (Product("plan"), Product("status"));
        Assert.Contains("nothing to do", plan.Output, StringComparison.Ordinal);
        Assert.True(status.ExitCode == 0, status.Output + status.Error);
        Assert.Equal("active", Laboratory.Machine.UnitState("downloader.service"));
    }

    /// <summary>
    /// Takes everything away again: what the program applied, and what the test mounted, started, named or wrote
    /// (<see cref="MachineState"/>).
    /// </summary>
    /// <exception cref="InvalidOperationException">
    /// Something stays. It says of which test; the next one gets another machine.
    /// </exception>
    public void Reset()
    {
        _isClean = false;
        var failures = new List<string>();
        if (Product("remove", "--allow-unconfine") is { Succeeded: false } removed)
        {
            failures.Add(removed.Summary);
        }

        failures.AddRange(_pristine!.Restore(Laboratory.Machine));
        if (failures.Count > 0)
        {
            throw new InvalidOperationException(
                $"{Test} left its machine in disorder, and the next test gets another one: "
                + string.Join("; ", failures));
        }

        _isClean = true;
    }

    private string Told() => Laboratory.Machine.Told(
        "vpn-confinement-watch@media.service", Laboratory.TunnelUnit, "downloader.service");

    // The first thing that a test asks of its machine.
    private void Enter()
    {
        var test = TestContext.Current.Test?.UniqueID;
        if (test is null || test == _test)
        {
            return;
        }

        _test = test;
        if (!_isShared && !_isClean)
        {
            Renew();
        }

        _isClean = false;
    }
}
