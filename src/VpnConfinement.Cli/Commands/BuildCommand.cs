using System.CommandLine;
using VpnConfinement.Cli.Output;
using VpnConfinement.Compile;
using VpnConfinement.Linux.Systemd;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>build</c>: writes the tree that a configuration compiles to into a folder. Needs no privileges and no running systemd.</summary>
internal static class BuildCommand
{
    internal static Command Create()
    {
        var options = new ConfigOptions();
        var output = new Option<string>("--out", "-o") { Description = "Folder to write to; must be empty or not exist", HelpName = "DIR", Required = true };
        var binary = new Option<string>("--binary")
        {
            Description = "Path of vpn-confinement on the host that will run the units",
            HelpName = "PATH",
            DefaultValueFactory = _ => Compiler.DefaultBinary,
        };
        var proxy = new Option<string?>("--socket-proxy")
        {
            Description = "Path of systemd-socket-proxyd on that host. Default: where it is below --root",
            HelpName = "PATH",
        };
        var names = new Option<string>("--option-names")
        {
            Description = "How findings name options: 'file' or 'nix'",
            HelpName = "FORM",
            DefaultValueFactory = _ => "file",
        };
        names.AcceptOnlyFromAmong("file", "nix");
        var command = new Verb("build", "Write the generated files to a folder, for an image")
        {
            Group = VerbGroup.Configuration,
            Details = """
                The folder gets the units, drop-ins, rulesets, resolver files and plans that 'apply' would install. It
                needs no more than to read the configuration and the files that it names. Keys are never written.
                """,
            Examples =
            [
                new("vpn-confinement build --out tree", "what 'apply' would install"),
                new("vpn-confinement build -c config.toml --root image --out image-new", "for an image"),
            ],
            Exits = ExitStatus.With(ExitStatus.Refused),
            Files = KnownFile.Configuration,
        };
        options.AddTo(command, withRoot: true);
        command.Options.Add(output);
        command.Options.Add(binary);
        command.Options.Add(proxy);
        command.Options.Add(names);
        command.SetAction(parsed => CommandErrors.Guard(() =>
        {
            var loaded = ConfigPipeline.Load(ConfigSource.From(parsed, options));
            Findings.Print(parsed.GetValue(names) == "nix" ? loaded.InNix() : loaded, json: false);
            if (loaded.Confinement is not { } confinement)
            {
                return ExitCodes.ConfigRefused;
            }

            var binaryPath = parsed.GetValue(binary)!;
            var proxyPath = parsed.GetValue(proxy)
                ?? SocketProxy.In(parsed.GetValue(options.Root)!)
                ?? Compiler.DefaultSocketProxy;
            if (!IsPath("--binary", binaryPath, Compiler.DefaultBinary)
                || !IsPath("--socket-proxy", proxyPath, Compiler.DefaultSocketProxy))
            {
                return ExitCodes.Usage;
            }

            var tree = Compiler.Compile(confinement, binaryPath, proxyPath);
            var folder = parsed.GetValue(output)!;
            if (File.Exists(folder))
            {
                Terminal.Failure($"{folder} is a file, not a folder", "name a new folder with --out");
                return ExitCodes.Usage;
            }

            if (!OutputTree.TryWrite(folder, tree))
            {
                Terminal.Failure($"{folder} is not empty", "name a new folder, or delete that one first");
                return ExitCodes.Usage;
            }

            Terminal.Progress($"wrote {tree.Files.Count} files to {folder}");
            return ExitCodes.Done;
        }));
        return command;
    }

    private static bool IsPath(string option, string path, string example)
    {
        if (BinaryPath.IsUsable(path))
        {
            return true;
        }

        Terminal.Failure(
            $"{option} '{path}' is not an absolute path without control characters",
            $"give the path where the program will be installed, as {example}");
        return false;
    }
}
