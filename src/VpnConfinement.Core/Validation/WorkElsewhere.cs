using VpnConfinement.State;

namespace VpnConfinement.Validation;

/// <summary>
/// VPC088: commands whose work is not done in the service's own network namespace, since another daemon does it or
/// since it is done in a container that is there already. For programs that run containers it is told by what is known
/// to run here or to run nothing: any other verb is named.
/// </summary>
internal static class WorkElsewhere
{
    private static readonly string[] StartKeys = ["ExecCondition", "ExecStartPre", "ExecStart", "ExecStartPost"];
    private static readonly string[] StartVerbs =
        ["start", "restart", "try-restart", "reload-or-restart", "try-reload-or-restart", "isolate", "enable"];

    // Clients of a daemon: nothing that they start runs here.
    private static readonly string[] Clients =
        ["docker", "docker-compose", "nerdctl", "finch", "podman-remote", "ctr", "crictl", "lxc", "incus", "virsh"];

    // Run work in a container or a namespace that something else made.
    private static readonly string[] Enter =
        ["nsenter", "lxc-attach", "lxc-unfreeze", "distrobox", "distrobox-enter", "toolbox", "flatpak-spawn"];

    // Run containers as their own children (podman(1), runc(8), crun(1)).
    private static readonly string[] LocalEngines = ["podman", "runc", "crun", "youki", "runsc"];

    private static readonly string[] LocalVerbs =
        ["run", "build", "unshare", "kube play", "play kube", "system service"];

    // Run nothing, and reach no network on another's behalf.
    private static readonly string[] IdleVerbs =
    [
        "stop", "kill", "pause", "rm", "rmi", "wait", "ps", "ls", "list", "images", "inspect", "exists",
        "logs", "info", "version", "help", "port", "top", "stats", "events", "diff", "history", "delete",
        "state", "spec", "prune", "cp", "rename", "tag", "untag", "unmount", "umount", "down", "cleanup",
        "shutdown", "destroy",
    ];

    // Of an engine that is its own child, these are done here as well.
    private static readonly string[] LocalIdleVerbs =
    [
        "pull", "push", "load", "save", "import", "export", "commit", "login", "logout", "create", "mount",
        "search", "generate",
    ];

    // Verbs of verbs: 'podman container exec' is 'podman exec'.
    private static readonly string[] Groups =
        ["container", "pod", "image", "network", "volume", "secret", "system", "kube", "play", "manifest", "compose"];

    // What has a value of its own, of podman(1), docker(1), nerdctl(1) and runc(8). One that is not known leaves the
    // verb unknown.
    private static readonly string[] ValueOptions =
    [
        "--cdi-spec-dir", "--cgroup-manager", "--config", "--connection", "-c", "--conmon",
        "--events-backend", "--hooks-dir", "--host", "-H", "--identity", "--imagestore", "--log-level", "-l",
        "--module", "--namespace", "-n", "--network-cmd-path", "--network-config-dir", "--out", "--root",
        "--runroot", "--runtime", "--runtime-flag", "--ssh", "--storage-driver", "--storage-opt", "--tmpdir",
        "--url", "--volumepath", "--context", "--tlscacert", "--tlscert", "--tlskey", "--address", "-a",
        "--snapshotter", "--cni-path", "--cni-netconfpath", "--data-root", "--log", "--log-format", "--criu",
        "--rootless",
    ];

    private static readonly string[] FlagOptions =
    [
        "--debug", "-D", "--systemd-cgroup", "--syslog", "--trace", "--noout", "--transient-store", "--tls",
        "--tlsverify", "--help", "-h", "--version", "-v", "--remote", "-r", "--",
    ];

    private static readonly string[] RemoteOptions = ["--remote=", "--url", "--connection"];
    private static readonly string[] RemoteVariables = ["CONTAINER_HOST=", "CONTAINER_CONNECTION="];

    /// <summary>Says of a command that its work is not the service's own; null where it is.</summary>
    /// <param name="key">The key of the unit that has the command.</param>
    /// <param name="words">The command, the program first.</param>
    /// <param name="settings">What else the unit says.</param>
    internal static ElsewhereWork? Find(string key, IReadOnlyList<string> words, UnitSettings settings)
    {
        var name = RunPrograms.Name(words[0]);
        if (Clients.Contains(name, StringComparer.Ordinal))
        {
            var verb = Verb(words, out _);
            return key == "ExecStart" || !IsIdle(verb, IdleVerbs)
                ? new ElsewhereWork(Shown(words, verb), IsDaemon: true) : null;
        }

        var starts = StartKeys.Contains(key, StringComparer.Ordinal);
        return name switch
        {
            _ when LocalEngines.Contains(name, StringComparer.Ordinal) => OfLocalEngine(key, words, settings),
            _ when Enter.Contains(name, StringComparer.Ordinal) => InPlace(),
            "machinectl" or "systemd-run" or "run0" when starts => ByDaemon(),
            "systemctl" or "service" or "invoke-rc.d" or "rc-service"
                when starts && words.Skip(1).Any(StartVerbs.Contains) => ByDaemon(),
            "at" or "batch" => ByDaemon(),
            "ip" when words.Contains("netns") && words.Contains("exec") => InPlace(),
            _ => null,
        };

        ElsewhereWork ByDaemon() => new(Shown(words, null), IsDaemon: true);
        ElsewhereWork InPlace() => new(Shown(words, null), IsDaemon: false);
    }

    private static ElsewhereWork? OfLocalEngine(string key, IReadOnlyList<string> words, UnitSettings settings)
    {
        var verb = Verb(words, out var at);
        if (IsRemote(words, at, settings) && (key == "ExecStart" || !IsIdle(verb, IdleVerbs)))
        {
            return new ElsewhereWork(Shown(words, null), IsDaemon: true);
        }

        var isOwn = IsIdle(verb, IdleVerbs) || IsIdle(verb, LocalIdleVerbs)
            || (LocalVerbs.Contains(verb, StringComparer.Ordinal) && !JoinsAnother(words));
        return isOwn ? null : new ElsewhereWork(Shown(words, verb), IsDaemon: false);
    }

    // podman(1) "--remote", and CONTAINER_HOST and CONTAINER_CONNECTION, which switch it on. A short option behind the
    // verb may be the verb's own.
    private static bool IsRemote(IReadOnlyList<string> words, int verbAt, UnitSettings settings) =>
        words.Any(w => w is "--remote" || RemoteOptions.Any(o => w.StartsWith(o, StringComparison.Ordinal)))
        || words.Take(verbAt).Any(w => w is "-r" or "-c")
        || words.Skip(verbAt + 1).TakeWhile(w => w.StartsWith('-')).Contains("-r")
        || settings.Words("Service", "Environment")
            .Any(w => RemoteVariables.Any(v => w.StartsWith(v, StringComparison.Ordinal)));

    // podman-run(1): --network container:NAME and ns:PATH, and a pod that is there already; podman-unshare(1): the
    // netns of all rootless containers.
    private static bool JoinsAnother(IReadOnlyList<string> words)
    {
        for (var i = 1; i < words.Count; i++)
        {
            var equals = words[i].IndexOf('=', StringComparison.Ordinal);
            var value = equals > 0 ? words[i][(equals + 1)..] : words.ElementAtOrDefault(i + 1) ?? "";
            var option = equals > 0 ? words[i][..equals] : words[i];
            var isJoined = option switch
            {
                "--network" or "--net" => value.StartsWith("container:", StringComparison.Ordinal)
                    || value.StartsWith("ns:", StringComparison.Ordinal),
                "--pod" => !value.StartsWith("new:", StringComparison.Ordinal),
                "--pod-id-file" or "--rootless-netns" => true,
                _ => false,
            };
            if (isJoined)
            {
                return true;
            }
        }

        return false;
    }

    // "run", "exec" also for "container exec", "kube play", "help" where there is none; null where an option before it
    // is not known.
    private static string? Verb(IReadOnlyList<string> words, out int at)
    {
        for (at = 1; at < words.Count && words[at].StartsWith('-'); at++)
        {
            var word = words[at];
            if (word.Contains('=', StringComparison.Ordinal) || FlagOptions.Contains(word, StringComparer.Ordinal))
            {
                continue;
            }

            if (!ValueOptions.Contains(word, StringComparer.Ordinal))
            {
                return null;
            }

            at++;
        }

        var second = words.ElementAtOrDefault(at + 1) ?? "help";
        return words.ElementAtOrDefault(at) switch
        {
            null => "help",
            "container" => second,
            var group when Groups.Contains(group, StringComparer.Ordinal) => $"{group} {second}",
            var verb => verb,
        };
    }

    // 'pod rm' runs as little as 'rm' does.
    private static bool IsIdle(string? verb, string[] verbs) => verb?.Split(' ') switch
    {
        ["compose", _] => false,
        ["network" or "volume" or "secret", "create"] => true,
        [_, var second] => verbs.Contains(second, StringComparer.Ordinal),
        [var only] => verbs.Contains(only, StringComparer.Ordinal),
        _ => false,
    };

    private static string Shown(IReadOnlyList<string> words, string? verb) =>
        string.Join(' ', verb is null ? words.Take(2) : [words[0], verb]);
}
