using System.CommandLine;
using VpnConfinement.Cli.Output;
using VpnConfinement.Compile;
using VpnConfinement.Graph;
using VpnConfinement.Linux.Status;

namespace VpnConfinement.Cli.Commands;

/// <summary><c>graph</c>: what is confined where, and what may pass, as a picture.</summary>
internal static class GraphCommand
{
    private const string Mermaid = "mermaid";
    private const string Svg = "svg";

    internal static Command Create()
    {
        var config = new Option<string?>("--config", "-c")
        {
            Description = "Draw this configuration instead of what was applied; '-' is standard input, as TOML",
            HelpName = "FILE",
        };
        var root = new Option<string>("--root")
        {
            Description = "With --config: look for units, key files and wg-quick files below this folder instead of /",
            HelpName = "DIR",
            DefaultValueFactory = _ => "/",
        };
        var format = new Option<string>("--format", "-f")
        {
            Description = "'mermaid' or 'svg'",
            HelpName = "FORMAT",
            DefaultValueFactory = _ => Mermaid,
        };
        format.AcceptOnlyFromAmong(Mermaid, Svg);
        var command = new Verb("graph", "Draw namespaces, tunnels, services and what may pass")
        {
            Group = VerbGroup.State,
            Details = """
                The picture has the host with its published ports and host links, each namespace with its services and
                sockets, its tunnel, and its peers. An arrow is what may pass; where there is none, nothing may.

                Without --config it shows what was applied. It looks at nothing that runs; 'vpn-confinement status'
                does. It has names of services and addresses of peers, and no keys.
                """,
            Examples =
            [
                new("sudo vpn-confinement graph", "Mermaid, which many pages of documentation show as a picture"),
                new("sudo vpn-confinement graph --format svg > confinement.svg"),
                new("vpn-confinement graph --config config.toml --format svg > new.svg", "before it is applied"),
            ],
            Exits = ExitStatus.With(ExitStatus.Refused),
            Files = [.. KnownFile.Configuration, .. KnownFile.State],
        };
        command.Options.Add(config);
        command.Options.Add(root);
        command.Options.Add(format);
        command.SetAction(parsed => CommandErrors.Guard(() =>
        {
            var graph = parsed.GetValue(config) is { } path
                ? Compiled(new ConfigSource(path, null, parsed.GetValue(root)!, Strict: false))
                : Applied();
            if (graph is null)
            {
                return ExitCodes.ConfigRefused;
            }

            Console.Write(parsed.GetValue(format) == Svg ? SvgWriter.Write(graph) : MermaidWriter.Write(graph));
            return ExitCodes.Done;
        }));
        return command;
    }

    private static IReadOnlyList<GraphNamespace> Applied()
    {
        CommandErrors.RequireRoot("graph");
        return AppliedGraph.Read();
    }

    private static List<GraphNamespace>? Compiled(ConfigSource source)
    {
        var loaded = ConfigPipeline.Load(source);
        Findings.Print(loaded, json: false);
        if (loaded.Confinement is not { } confinement)
        {
            return null;
        }

        var tree = Compiler.Compile(confinement);
        var texts = tree.Files.ToDictionary(f => f.Path, f => f.Content, StringComparer.Ordinal);
        return [.. tree.Namespaces.Zip(tree.Plans, (ns, plan) => GraphReader.Of(ns, plan, texts.GetValueOrDefault))];
    }
}
