using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.E2e.Tests;

/// <summary>Commands in a namespace: where they are, how they end, and that nothing outlives them (S-41).</summary>
[Trait("guarantees", "S-41")]
public sealed class ExecTests(ExecMachine machine) : IClassFixture<ExecMachine>
{
    [Fact]
    public void The_world_sees_the_providers_address_and_the_pinned_resolver_answers()
    {
        const string Ask = "getent ahostsv4 name.example | head -n 1 | cut -d ' ' -f 1";
        var outside = machine.Host.Shell($"bash -c \"{ExecMachine.AskForAddress}\"; {Ask}").OrThrow();
        Assert.Equal($"{Addresses.Machine}{Addresses.OrdinaryAnswer}\n", outside.Output);
        var watch = UplinkWatch.Begin(machine.Host.Laboratory);
        var inside = machine.Bash($"{ExecMachine.AskForAddress}; {Ask}");
        watch.RequireTunnelOnly("a command asked the world");
        Assert.Equal(
            (0, $"{Addresses.Provider}{Addresses.PinnedAnswer}\n", ""),
            (inside.ExitCode, inside.Output, inside.Error));
        machine.RequireNothingLeft();
    }

    [Fact]
    public void What_a_command_tries_past_the_tunnel_does_not_leave()
    {
        var watch = UplinkWatch.Begin(machine.Host.Laboratory);
        var tried = machine.Bash($$"""
            for to in {{Addresses.OtherResolver}}/53 {{Addresses.OrdinaryResolver}}/53 127.0.0.53/53 \
                {{Addresses.Gateway}}/9; do
                echo x > /dev/udp/$to && echo "sent to $to"
            done
            for socket in /run/dbus/system_bus_socket /run/systemd/private /run/systemd/resolve /run/nscd /run/user; do
                [ ! -e $socket ] || echo "sees $socket"
            done
            ls /proc/1/root 2>/dev/null
            ip link add vpnc0 type dummy 2>/dev/null && echo made a link
            grep CapEff /proc/self/status
            """);
        watch.RequireTunnelOnly("a command tried to leave");
        Assert.Contains("CapEff:\t0000000000000000", tried.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("sees ", tried.Output, StringComparison.Ordinal);
        Assert.DoesNotContain("made a link", tried.Output, StringComparison.Ordinal);
    }

    [Fact]
    public void A_process_of_the_same_user_outside_is_no_way_out()
    {
        const string Look = "ls /proc/$p/root/run/dbus /proc/$p/fd >/dev/null 2>&1 && echo seen || echo closed";
        machine.Host.Shell("systemd-run --quiet --unit=outside --uid=bob sleep 600; sleep 0.2").OrThrow();
        var result = machine.Host.Shell($$"""
            export p=$(systemctl show -P MainPID outside)
            setpriv --reuid=bob --regid=bob --init-groups sh -c '{{Look}}'
            SUDO_UID=4242 vpn-confinement exec --chdir / -E p media -- sh -c '{{Look}}'
            systemctl stop outside
            """);
        Assert.Equal((0, "seen\nclosed\n", ""), (result.ExitCode, result.Output, result.Error));
    }

    [Theory]
    [InlineData("exit 0", 0)]
    [InlineData("exit 7", 7)]
    [InlineData("exit 125", 125)]
    [InlineData("exit 200", 200)]
    [InlineData("exit 225", 225)]
    [InlineData("exit 255", 255)]
    [InlineData("kill -TERM $$", 143)]
    [InlineData("kill -KILL $$", 137)]
    [InlineData("kill -64 $$", 192)]
    [InlineData("kill -PIPE $$", 141)]
    public void The_exit_status_is_the_commands_own(string line, int status)
    {
        var result = machine.Bash(line);
        Assert.Equal((status, ""), (result.ExitCode, result.Error));
    }

    [Fact]
    public void A_program_that_is_not_there_or_cannot_be_run_ends_as_in_a_shell()
    {
        Assert.Equal(127, machine.Exec("no-such-program").ExitCode);
        Assert.Equal(127, machine.Exec("/no/such/program").ExitCode);
        Assert.Equal(126, machine.Exec("/etc/passwd").ExitCode);
        Assert.Equal(126, machine.Exec("/etc").ExitCode);
    }

    [Fact]
    public void Words_arrive_as_they_were_written()
    {
        string[] words =
        [
            "", "a b", "$HOME", "${PATH}", "$$", "%n", "%%", "\\x41", "\"q\"", "'", "--", "-x", "a\nb", "ü", ";", "@f",
        ];
        var result = machine.Exec(["printf", "<%s>", .. words]);
        var said = string.Concat(words.Select(w => $"<{w}>"));
        Assert.Equal((0, said, ""), (result.ExitCode, result.Output, result.Error));
    }

    [Fact]
    public void User_folder_variables_and_mask_are_the_callers()
    {
        var result = machine.Host.Shell("""
            cd /srv && umask 0037 && SUDO_UID=4242 KEPT='a "b" $c \d' SSH_AUTH_SOCK=/x DISPLAY=:0 https_proxy=x \
                vpn-confinement exec -E ASKED=1 -E DISPLAY media -- bash -c \
                'id -un; echo "$HOME"; pwd; umask
                    echo "$KEPT|$SSH_AUTH_SOCK|$https_proxy|$ASKED|$DISPLAY|$NOTIFY_SOCKET"'
            """);
        Assert.Equal(
            (0, "bob\n/home/bob\n/srv\n0037\na \"b\" $c \\d|||1|:0|\n", ""),
            (result.ExitCode, result.Output, result.Error));
        Assert.Equal("nobody\n", machine.Host.Product("exec", "--user", "nobody", "media", "--", "id", "-un").Output);
    }

    [Theory]
    [InlineData("exec other -- true", "there is no applied namespace 'other'")]
    [InlineData("exec media true", "has to stand behind '--'")]
    [InlineData("exec media", "'vpn-confinement exec' needs COMMAND")]
    [InlineData("exec --user no-such-user media -- true", "there is no such user")]
    [InlineData("exec --chdir /no/such media -- true", "cannot enter the folder")]
    [InlineData("exec --chdir /run media -- true", "would not see the folder /run")]
    [InlineData("exec --chdir /tmp/x media -- true", "would not see the folder /tmp/x")]
    [InlineData("exec --tty media -- true", "--tty needs a terminal")]
    [InlineData("exec media -- true <&-", "standard input is closed")]
    [InlineData("exec -E NONE media -- true", "there is no variable NONE")]
    public void What_cannot_be_done_is_told_and_the_command_does_not_run(string line, string said)
    {
        var result = machine.Host.Shell($"vpn-confinement {line}");
        Assert.Equal(125, result.ExitCode);
        Assert.Contains(said, result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void A_standard_stream_that_is_a_socket_of_the_hosts_network_is_refused()
    {
        var result = machine.Host.Shell(
            "bash -c 'exec 3<>/dev/udp/127.0.0.1/9; vpn-confinement exec media -- touch /srv/ran <&3'; ls /srv");
        Assert.Equal("", result.Output);
        Assert.Contains("standard input is a socket of the host's network", result.Error, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_its_tunnel_nothing_runs()
    {
        const string Path = "/etc/systemd/system/wireguard-wg0.service.d/broken.conf";
        machine.Host.Shell($"mkdir -p $(dirname {Path})").OrThrow();
        machine.Host.Write(Path, "[Service]\nExecStartPre=/bin/false\n");
        machine.Host.Shell("systemctl daemon-reload").OrThrow();
        var result = machine.Exec("touch", "/srv/ran");
        machine.Host.Shell($"rm -r $(dirname {Path}) && systemctl daemon-reload && systemctl reset-failed").OrThrow();
        Assert.Equal((125, false), (result.ExitCode, machine.Host.Exists("/srv/ran")));
        Assert.Contains("wireguard-wg0.service is ", result.Error, StringComparison.Ordinal);
        machine.RequireNothingLeft();
    }

    [Fact]
    public void What_the_start_gate_refuses_does_not_run()
    {
        const string Settings = "/var/lib/vpn-confinement/namespaces/media/exec.conf";
        machine.Host.Shell($"cp -a {Settings} /root/kept && sed -i '/TemporaryFileSystem=.run/d' {Settings}").OrThrow();
        var result = machine.Exec("touch", "/srv/ran");
        machine.Host.Shell($"mv /root/kept {Settings}").OrThrow();
        Assert.Equal((125, false), (result.ExitCode, machine.Host.Exists("/srv/ran")));
        Assert.Contains("may not start", result.Error, StringComparison.Ordinal);
        machine.RequireNothingLeft();
    }
}
