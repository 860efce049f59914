using System.Diagnostics;
using VpnConfinement.Lab.Machines;
using VpnConfinement.Lab.Processes;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>A machine with one namespace applied, no service of it up, and a user "bob".</summary>
public sealed class ExecMachine : IDisposable
{
    /// <summary>Asks the world for the caller's address, by nothing but the shell.</summary>
    internal static readonly string AskForAddress =
        $"exec 3<>/dev/tcp/{Addresses.Web}/80 && printf 'GET / HTTP/1.0\\r\\n\\r\\n' >&3 && tail -n 1 <&3";

    internal const string Units = "'vpn-confinement-exec-*' 'vpn-confinement-caller-*'";

    public ExecMachine()
    {
        Host = new BadHostFixture(isShared: true);
        try
        {
            Host.Shell("useradd --create-home --uid 4242 --shell /bin/bash bob").OrThrow();
            Host.Product("apply").OrThrow();
        }
        catch
        {
            Host.Dispose();
            throw;
        }
    }

    public BadHostFixture Host { get; }

    public void Dispose() => Host.Dispose();

    /// <summary>Unpacks the programs that people run: curl, dig, vim, less, tmux, sudo and doas.</summary>
    internal void UnpackPrograms() => LabPackages.Unpack(
        Host, "programs", "/usr/bin/curl", "/usr/bin/dig", "/usr/bin/vim.tiny", "/usr/bin/less", "/usr/bin/tmux",
        "/usr/bin/sudo", "/usr/bin/doas");

    /// <summary>Runs a command in the namespace.</summary>
    internal CommandResult Exec(params string[] command) => Host.Product(["exec", "media", "--", .. command]);

    /// <summary>Runs a line of bash in the namespace.</summary>
    internal CommandResult Bash(string line) => Exec("bash", "-c", line);

    /// <summary>Starts 'exec' as a child of the test, with streams that it may use.</summary>
    internal Process Start(params string[] arguments) => Command.Start(
    [
        "nsenter", "-t", $"{Host.Laboratory.Machine.Leader}", "-a", "--", "/usr/bin/env", "-i",
        "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C", "NO_COLOR=1", Laboratory.Product, .. arguments,
    ]);

    /// <summary>The process of 'exec' whose command has a word, as the machine numbers it.</summary>
    internal string CallerOf(string word) => Host.Shell(
        $"pgrep -o -f '^/usr/bin/vpn-confinement exec .*{word}'").OrThrow().Output.Trim();

    /// <summary>Waits until a process of a command is there.</summary>
    internal void WaitFor(string pattern) => Eventually.See(
        $"a process '{pattern}'", () => Count(pattern), count => count > 0, () => Host.Laboratory.Machine.Told());

    /// <summary>Processes of commands whose name and arguments begin with a text.</summary>
    internal int Count(string pattern) => Host.Shell($"pgrep -f '^{pattern}'").Output
        .Split('\n', StringSplitOptions.RemoveEmptyEntries).Length;

    /// <summary>Nothing of any command is left: no unit that is up or failed, no file.</summary>
    internal void RequireNothingLeft() => Eventually.See(
        "nothing is left of commands but names that systemd still knows",
        () => Host.Shell($"systemctl list-units --no-legend {Units}; ls -A /run/vpn-confinement/exec").Output,
        text => text.Length == 0);
}
