using System.CommandLine;
using System.CommandLine.Parsing;
using VpnConfinement.Cli.Completion;
using VpnConfinement.Cli.Output;
using VpnConfinement.Linux;
using VpnConfinement.Linux.Exec;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>exec</c>: runs a command in a namespace, confined as a service is.</summary>
internal static class ExecCommand
{
    internal static Command Create()
    {
        var ns = new Argument<string>("NAMESPACE") { Description = "Name of an applied namespace" };
        ns.CompletionSources.Add(_ => LiveNames.Namespaces());
        var words = new Argument<string[]>("COMMAND")
        {
            Description = "The program and its arguments, behind '--'",
            Arity = ArgumentArity.OneOrMore,
        };
        var user = new Option<string?>("--user", "-u")
        {
            Description = "Run it as this user, by name or number. By default the one who called sudo or doas",
            HelpName = "USER",
        };
        var folder = new Option<string?>("--chdir", "-C")
        {
            Description = "Run it in this folder. By default the current one",
            HelpName = "DIR",
        };
        var variables = new Option<string[]>("--setenv", "-E")
        {
            Description = "Give it this variable as well; without a value, ours. May stand several times",
            HelpName = "NAME[=VALUE]",
        };
        var tty = new Option<bool>("--tty", "-t")
        {
            Description = "Give it a terminal though its output is not one; standard input must be",
        };
        var pipe = new Option<bool>("--pipe", "-p")
        {
            Description = "Give it our standard streams though they are a terminal",
        };
        var command = new Verb("exec", "Run a command in a namespace, confined as services are")
        {
            Group = VerbGroup.Host,
            UsageStatus = CommandEnd.Failed,
            BehindDashes = words,
            Details = """
                The command is a transient unit of systemd with what confined services have: the network namespace,
                the pinned resolver files, a /run, /tmp and /dev/shm of its own, no capabilities. It starts the tunnel
                where that is down, and ends when the tunnel or this program ends, even by SIGKILL. It
                gets a terminal of its own where standard input and output are terminals, else our standard streams.

                It keeps the folder and the variables, without those of the session: DISPLAY, SSH_*, DBUS_*,
                XDG_RUNTIME_DIR and *_proxy among them. Its user is the one who called sudo, doas or pkexec; root
                where none was called. Where they ran each other, name the user with --user.

                In a namespace with dns.mode = "compat" DNS is not contained, and the command sees the host's /run. It
                may ask any resolver through the tunnel, and daemons of the host: those look names up, and as
                'systemd-run' does run programs, on the host's network. With dns.allowHostResolverIPC it sees nscd and
                the system bus alone, to the same effect.

                It is no cage for hostile programs. Programs of the same user outside are on the host's network.
                A command can ask them for work over sockets in the user's folders, send them signals, and write
                files that they run, such as ~/.bashrc. An ssh that shares a connection (ControlMaster) takes one that
                was opened outside: use 'ssh -S none'. --user with a user of its own closes that. As root it can
                write all of root's files.
                """,
            Examples =
            [
                new("sudo vpn-confinement exec media -- curl https://example.com/"),
                new("sudo vpn-confinement exec media -- bash", "a shell"),
                new("sudo vpn-confinement exec --user nobody --chdir / media -- dig example.com"),
                new("tar c docs | sudo vpn-confinement exec media -- ssh -S none host.example tar x"),
            ],
            Exits =
            [
                new(CommandEnd.TunnelLost, "the tunnel went down and took the command away"),
                new(CommandEnd.Failed, "this program failed or refused; the command did not run"),
                new(CommandEnd.CannotRun, "the command cannot be run"),
                new(CommandEnd.NotFound, "there is no such command"),
                new(128, "plus the number of the signal that ended the command: 143 for SIGTERM"),
            ],
            Files = [.. KnownFile.State],
        };
        command.Arguments.Add(ns);
        command.Arguments.Add(words);
        foreach (var option in (Option[])[user, folder, variables, tty, pipe])
        {
            command.Options.Add(option);
        }

        command.Validators.Add(result =>
        {
            if (result.GetValue(tty) && result.GetValue(pipe))
            {
                result.AddError("--tty and --pipe exclude each other.");
            }
        });
        command.SetAction(parsed => CommandErrors.Guard(
            () =>
            {
                CommandErrors.RequireRoot("exec");
                if (parsed.Tokens.All(t => t.Type != TokenType.DoubleDash))
                {
                    throw new SystemFailure(
                        "the command has to stand behind '--', so that no option of it is taken for one of ours",
                        "write 'vpn-confinement exec NAMESPACE -- COMMAND'");
                }

                return Told(CommandRunner.Run(new CommandRequest
                {
                    Namespace = parsed.GetValue(ns)!,
                    Words = parsed.GetValue(words)!,
                    User = parsed.GetValue(user),
                    Folder = parsed.GetValue(folder),
                    Terminal = parsed.GetValue(tty) ? true : parsed.GetValue(pipe) ? false : null,
                    Variables = parsed.GetValue(variables) ?? [],
                    Binary = BinaryPath.Installed("exec"),
                }));
            },
            CommandEnd.Failed,
            CommandEnd.Failed));
        return command;
    }

    private static int Told(CommandEnd end)
    {
        if (end.Message is { } message)
        {
            Terminal.Failure(message, end.Remedy);
        }

        return end.Status;
    }
}
