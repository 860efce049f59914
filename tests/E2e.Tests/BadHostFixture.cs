using VpnConfinement.Lab.Processes;
using VpnConfinement.Lab.Scenarios;

namespace VpnConfinement.E2e.Tests;

/// <summary>A machine with the program installed and nothing applied; each test leaves it that way.</summary>
public sealed class BadHostFixture : IDisposable
{
    private readonly Laboratory _laboratory;

    public BadHostFixture()
    {
        _laboratory = new Laboratory(Environment.GetEnvironmentVariable("VPNC_BINARY") ?? throw new InvalidOperationException("VPNC_BINARY must name the program under test; ./test sets it."));
        _laboratory.Start();
        Config = Read(Laboratory.ConfigFile);
    }

    /// <summary>The configuration that works.</summary>
    public string Config { get; }

    public Laboratory Laboratory => _laboratory;

    public void Dispose() => _laboratory.Dispose();

    /// <summary>Runs a shell line inside the machine.</summary>
    public CommandResult Shell(string line) => _laboratory.Machine.Run("/bin/sh", "-c", line);

    public CommandResult Product(params string[] arguments) => _laboratory.RunProduct(arguments);

    public string Read(string path) => _laboratory.Machine.ReadFile(path);

    public void Write(string path, string text) => File.WriteAllText(_laboratory.Machine.Root + path, text);

    public bool Exists(string path) => Path.Exists(_laboratory.Machine.Root + path);

    /// <summary>Ends the watcher, so that what is damaged stays damaged; the next 'apply' starts it again.</summary>
    public void StopWatching() => Shell("systemctl stop vpn-confinement-watch@media").OrThrow();

    /// <summary>Has a unit "port-holder" hold UDP port 51999 of the host, where a tunnel's socket would be.</summary>
    public void HoldPort() => Shell(
        "systemd-run --quiet --unit=port-holder python3 -c 'import socket,time; a=socket.socket(socket.AF_INET6,socket.SOCK_DGRAM); a.bind((\"::\",51999)); time.sleep(600)'; for i in $(seq 50); do ss -Hlun 'sport = 51999' | grep -q . && break; sleep 0.1; done").OrThrow();

    /// <summary>'plan' and 'status' both say what differs.</summary>
    internal void RequireNamed(string said)
    {
        var (plan, status) = (Product("plan"), Product("status"));
        Assert.Contains(said, plan.Output.Split("files:")[0], StringComparison.Ordinal);
        Assert.Contains(said, status.Output, StringComparison.Ordinal);
        Assert.Equal((4, 4), (plan.ExitCode, status.ExitCode));
    }

    /// <summary>Nothing differs, and the confined service runs.</summary>
    internal void RequireWhole()
    {
        var (plan, status) = (Product("plan"), Product("status"));
        Assert.Contains("nothing to do", plan.Output, StringComparison.Ordinal);
        Assert.True(status.ExitCode == 0, status.Output);
        Assert.Equal("active", Laboratory.Machine.UnitState("downloader.service"));
    }

    /// <summary>Takes everything away again.</summary>
    public void Reset()
    {
        Product("remove", "--allow-unconfine").OrThrow();
        Shell("systemctl stop downloader; systemctl reset-failed; rm -rf /etc/systemd/system/downloader.service.d").OrThrow();
        Write(Laboratory.ConfigFile, Config);
    }
}
