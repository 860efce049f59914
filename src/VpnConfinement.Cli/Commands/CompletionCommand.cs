using System.CommandLine;
using VpnConfinement.Cli.Completion;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>completion</c>: the script that a shell loads.</summary>
internal static class CompletionCommand
{
    internal static Command Create()
    {
        var shell = new Argument<string>("SHELL") { Description = "'bash', 'zsh' or 'fish'" };
        shell.AcceptOnlyFromAmong("bash", "zsh", "fish");
        var command = new Verb("completion", "Print the completion script of a shell")
        {
            Group = VerbGroup.Reference,
            Details = """
                The script completes commands, options and values. Names of namespaces, units and generations are those
                of what is applied, where the user may read that.
                """,
            Examples =
            [
                new("vpn-confinement completion bash > /usr/share/bash-completion/completions/vpn-confinement"),
                new("vpn-confinement completion zsh > /usr/share/zsh/vendor-completions/_vpn-confinement"),
                new("vpn-confinement completion fish > /usr/share/fish/vendor_completions.d/vpn-confinement.fish"),
                new("source <(vpn-confinement completion bash)", "this shell alone"),
            ],
        };
        command.Arguments.Add(shell);
        command.SetAction(parsed => CommandErrors.Guard(() =>
        {
            Console.Write(parsed.GetValue(shell) switch
            {
                "bash" => CompletionScripts.Bash,
                "zsh" => CompletionScripts.Zsh,
                "fish" => CompletionScripts.Fish,
                _ => throw new InvalidOperationException("a shell of an unknown kind"),
            });
            return ExitCodes.Done;
        }));
        return command;
    }
}
