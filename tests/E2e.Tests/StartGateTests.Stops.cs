namespace VpnConfinement.E2e.Tests;

/// <content>Commands of a stop or a reload, before which systemd asks no gate.</content>
public sealed partial class StartGateTests
{
    // systemd runs ExecStopPost= after a failed start too: it is looked at like every other command.
    [Theory]
    [InlineData("NetworkNamespacePath=", Gate, "NetworkNamespacePath is ''")]
    [InlineData("BindPaths=/srv/bus:/run/dbus", "downloader.service", "it sees /run/dbus")]
    public void Other_commands_of_a_service_do_not_run_after_a_refusal(string setting, string journal, string reason)
    {
        const string Folder = "/var/lib/probe-downloader/";
        LinkToTheBus();
        WriteLater(Own, $"[Service]\n{setting}\nExecStartPre=/bin/touch {Folder}ran-start-pre\nExecStop=/bin/touch {Folder}ran-stop\nExecStopPost=/bin/touch {Folder}ran-stop-post\n");
        RefusesToStart(journal, reason);
        Assert.Equal("", _host.Shell($"cd {Folder} 2>/dev/null && ls -d ran-* && rm ran-*; true").OrThrow().Output.Trim());
    }

    // Of a running service systemd asks nobody before it stops or reloads it. Without the dash the look, which fails,
    // ends the list of commands; with it systemd goes on to whatever stands behind the look.
    [Theory]
    [InlineData("zzzzzz.conf", "ExecStop", "")]
    [InlineData("zzzzzz.conf", "ExecStopPost", "")]
    [InlineData("zzzzzz.conf", "ExecReload", "")]
    [InlineData("~~~.conf", "ExecStopPost", "")]
    // What cannot be repeated; systemd reads no further in that file.
    [InlineData("zzzzz-later.conf", "ExecStopPost", "ExecStopPost=@")]
    [InlineData("zzzzz-later.conf", "ExecStop", "ExecStop=\"\"")]
    public void A_command_of_a_stop_or_reload_in_whatever_comes_last_does_not_run_outside(
        string name, string key, string after)
    {
        const string Folder = "/var/lib/probe-downloader/";
        StartsConfined();
        _host.Write(Own + name, $"[Service]\nNetworkNamespacePath=\n{key}=-/bin/touch {Folder}ran-outside\n{after}\n");
        try
        {
            _host.Shell("systemctl daemon-reload; systemctl reload downloader; systemctl stop downloader");
            Assert.Equal("", _host.Shell($"ls {Folder} | grep ran-; rm -f {Folder}ran-*").Output);
            Assert.Contains("NetworkNamespacePath is ''", _host.Product("status").Output, StringComparison.Ordinal);
        }
        finally
        {
            _host.Shell($"rm -f '{Own}{name}'; systemctl daemon-reload").OrThrow();
        }

        StartsConfined();
    }
}
