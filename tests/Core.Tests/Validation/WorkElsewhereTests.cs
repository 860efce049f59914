using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Text;
using VpnConfinement.Validation;

namespace VpnConfinement.Core.Tests.Validation;

/// <summary>
/// VPC088: commands whose work is done by another daemon, or in a container that is there already, however written.
/// </summary>
public sealed class WorkElsewhereTests
{
    [Theory]
    [InlineData("ExecStart=/usr/bin/podman exec web /usr/bin/app")]
    [InlineData("ExecStart=/usr/bin/podman start -a web")]
    [InlineData("ExecStart=/usr/bin/podman attach web")]
    [InlineData("ExecStart=/usr/bin/podman container exec web app")]
    [InlineData("ExecStart=/usr/bin/podman --log-level debug exec web app")]
    [InlineData("ExecStart=/usr/bin/podman --log-level=run exec web app")]
    [InlineData("ExecStart=/usr/bin/podman --log-level run exec web app")]
    [InlineData("ExecStart=/usr/bin/podman --of-a-later-release run exec web app")]
    [InlineData("ExecStart=/usr/bin/podman verb-of-a-later-release web")]
    [InlineData("ExecStart=/usr/bin/podman pod start web")]
    [InlineData("ExecStart=/usr/bin/podman restart web")]
    [InlineData("ExecStart=/usr/bin/podman unpause web")]
    [InlineData("ExecStart=/usr/bin/podman healthcheck run web")]
    [InlineData("ExecStart=/usr/bin/podman run --network container:web app")]
    [InlineData("ExecStart=/usr/bin/podman run --network=container:web app")]
    [InlineData("ExecStart=/usr/bin/podman run --net=ns:/run/netns/other app")]
    [InlineData("ExecStart=/usr/bin/podman run --pod web app")]
    [InlineData("ExecStart=/usr/bin/podman run --pod-id-file=/run/web.pod-id app")]
    [InlineData("ExecStart=/usr/bin/podman unshare --rootless-netns app")]
    [InlineData("ExecStart=/usr/bin/podman -r run app")]
    [InlineData("ExecStart=/usr/bin/podman run --remote app")]
    [InlineData("ExecStart=/usr/bin/podman -c other run app")]
    [InlineData("Environment=CONTAINER_HOST=unix:///run/podman/podman.sock\nExecStart=/usr/bin/podman run app")]
    [InlineData("ExecStartPost=/usr/bin/podman exec web app")]
    [InlineData("ExecReload=/usr/bin/podman exec web app")]
    [InlineData("ExecStop=/usr/bin/docker exec web app")]
    [InlineData("ExecStop=/usr/bin/docker attach web")]
    [InlineData("ExecStop=/usr/bin/docker container start web")]
    [InlineData("ExecStartPre=/usr/bin/docker verb-of-a-later-release web")]
    [InlineData("ExecStartPre=/usr/bin/nerdctl unpause web")]
    [InlineData("ExecStartPre=/usr/bin/docker pull web")]
    [InlineData("ExecStart=/usr/bin/runc exec web app")]
    [InlineData("ExecStart=/usr/bin/crun --root /run/crun start web")]
    [InlineData("ExecStart=/usr/bin/nsenter --net=/run/netns/other app")]
    [InlineData("ExecStart=/usr/sbin/ip netns exec other app")]
    [InlineData("ExecStart=/usr/bin/toolbox run app")]
    public void Work_in_another_place_is_refused(string setting) => Assert.Contains("VPC088", Codes(setting));

    [Theory]
    [InlineData("timeout 5")]
    [InlineData("timeout -s KILL 5")]
    [InlineData("timeout --signal KILL --kill-after 3 5")]
    [InlineData("nice -n 5")]
    [InlineData("nice --adjustment 5")]
    [InlineData("env -u NAME A=b")]
    [InlineData("env -i --chdir /srv")]
    [InlineData("sudo -u alice")]
    [InlineData("sudo -n -u alice -- env")]
    [InlineData("runuser -u alice --")]
    [InlineData("setpriv --reuid alice --regid alice --clear-groups")]
    [InlineData("flock /run/lock/x")]
    [InlineData("flock -w 3 /run/lock/x")]
    [InlineData("flock --conflict-exit-code 3 -n /run/lock/x nice")]
    [InlineData("systemd-inhibit --what sleep --why x")]
    [InlineData("systemd-cat -t app")]
    [InlineData("unshare -u")]
    [InlineData("taskset -c 0-3")]
    [InlineData("chrt -f 10")]
    [InlineData("chroot /srv/root")]
    [InlineData("busybox nice")]
    [InlineData("xargs -n 1")]
    [InlineData("start-stop-daemon --start --exec")]
    [InlineData("/lib64/ld-linux-x86-64.so.2 --argv0 app")]
    [InlineData("sh -c 'exec \"$@\"' sh")]
    [InlineData("sh -c 'exec $*'")]
    public void It_is_found_behind_programs_that_run_others(string before)
    {
        Assert.Contains("VPC088", Codes($"ExecStart={before} podman exec web app"));
        Assert.Empty(Codes($"ExecStart={before} podman run app"));
    }

    [Theory]
    [InlineData("sh -ec 'true; nice -n 3 podman WHAT'")]
    [InlineData("flock /run/lock/x -c 'podman WHAT'")]
    [InlineData("su alice -c 'podman WHAT'")]
    [InlineData("su --command='podman WHAT' alice")]
    [InlineData("env -S \"podman WHAT\"")]
    [InlineData("env \"-Spodman\" WHAT")]
    [InlineData("sh -c \"env -S 'podman' WHAT\"")]
    [InlineData("timeout 5 sh -c 'eval podman WHAT'")]
    [InlineData("sh -c 'if true; then A=b podman WHAT; fi'")]
    public void It_is_found_in_scripts_among_the_words(string line)
    {
        Assert.Contains("VPC088", Codes("ExecStart=" + line.Replace("WHAT", "exec web app", StringComparison.Ordinal)));
        Assert.Empty(Codes("ExecStart=" + line.Replace("WHAT", "run app", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData("ExecStart=/usr/bin/podman run --rm --name web --network host app sh -c 'exec app'")]
    [InlineData("ExecStart=/usr/bin/podman --cgroup-manager cgroupfs --root /srv run app grep -r x")]
    [InlineData("ExecStart=/usr/bin/podman run --cgroups=split --sdnotify=conmon -d app\nExecStop=/usr/bin/podman rm -v -f x")]
    [InlineData("ExecStart=/usr/bin/podman run --pod new:web app")]
    [InlineData("ExecStart=/usr/bin/podman kube play --replace web.yaml\nExecStopPost=/usr/bin/podman kube down web.yaml")]
    [InlineData("ExecStart=/usr/bin/podman system service --time=0")]
    [InlineData("ExecStartPre=/usr/bin/podman network create --ignore web\nExecStart=/usr/bin/podman run --network web app")]
    [InlineData("ExecStartPre=/usr/bin/podman pull app\nExecStart=/usr/bin/podman container run app")]
    [InlineData("ExecStartPre=/usr/bin/podman unshare chown 1:1 /srv")]
    [InlineData("ExecStop=/usr/bin/docker stop web")]
    [InlineData("ExecStopPost=-/usr/bin/docker container rm -f web")]
    [InlineData("ExecStart=/usr/bin/runc run web\nExecStop=/usr/bin/runc kill web")]
    [InlineData("ExecStart=/usr/bin/sudo -u docker /usr/bin/app")]
    [InlineData("ExecStart=/usr/sbin/runuser -u podman -- /usr/bin/app start")]
    [InlineData("ExecStart=/usr/bin/setpriv --reuid docker --regid docker --init-groups /usr/bin/app")]
    [InlineData("ExecStart=/usr/sbin/ip -n web address")]
    [InlineData("ExecReload=/usr/bin/systemctl reload other")]
    public void Work_of_its_own_is_taken(string setting) => Assert.Empty(Codes(setting));

    [Fact]
    public void What_is_found_in_two_ways_is_told_once() =>
        Assert.Single(Codes("ExecStart=/usr/bin/flock /run/x sh -c 'podman exec web app'"));

    [Theory]
    [InlineData("-a env -b sh -c ")]
    [InlineData("-S env -S sh -c ")]
    [InlineData("sh -c '$1' ")]
    public void A_long_line_of_wrappers_is_read_in_no_time(string part) =>
        Assert.Empty(Codes($"ExecStart=env {string.Concat(Enumerable.Repeat(part, 150))}app"));

    private static IReadOnlyList<string> Codes(string setting)
    {
        var text = Checked.Namespace("m", "wg0") + "\n[services.app.vpn]\nnamespace = \"m\"\n";
        var findings = new DiagnosticBag();
        var config = ConfigReader.Read([(new SourceText("config.toml", text), false)], findings)!;
        var requests = Validator.Requests(config);
        var start = setting.Contains("ExecStart=", StringComparison.Ordinal) ? "" : "ExecStart=/usr/bin/app\n";
        UnitFact Unit(string name) => new UnitFact.Present(
            name, [new SourceText("/etc/systemd/system/" + name, $"[Service]\nDynamicUser=yes\n{start}{setting}\n")]);
        FileFact key = new FileFact.Present(OthersCanRead: false, null);
        var facts = new HostFacts
        {
            Files = requests.KeyFiles.ToDictionary(f => f, _ => key),
            Units = requests.Units.ToDictionary(u => u, Unit),
            Installed = ["app.service"],
        };
        _ = Validator.Validate(config, facts, strict: false, findings);
        return [.. findings.Sorted().Select(f => f.Code)];
    }
}
