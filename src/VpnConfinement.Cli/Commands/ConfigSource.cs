using System.CommandLine;
using VpnConfinement.Diagnostics;
using VpnConfinement.Linux.Facts;
using VpnConfinement.Linux.Files;
using VpnConfinement.Text;

namespace VpnConfinement.Cli.Commands;

/// <summary>Where a configuration comes from.</summary>
/// <param name="Path">A file, <c>-</c> for standard input, or null for the installed configuration.</param>
/// <param name="Json">Whether it is JSON; null to go by the name.</param>
/// <param name="Root">Root folder for everything that the configuration names.</param>
/// <param name="Strict">Whether warnings are errors.</param>
internal sealed record ConfigSource(string? Path, bool? Json, string Root, bool Strict)
{
    private const string DefaultFolder = "/etc/vpn-confinement";

    /// <summary>The file that is read where none is named.</summary>
    internal const string DefaultFile = DefaultFolder + "/config.toml";

    /// <summary>Whether it is the installed configuration and nothing at all is there.</summary>
    internal bool IsAbsent => Path is null && !System.IO.Path.Exists(DefaultFile) && new FileInfo(DefaultFile).LinkTarget is null;

    internal static ConfigSource From(ParseResult parsed, ConfigOptions options) => new(
        parsed.GetValue(options.Config),
        parsed.GetValue(options.Format) is { } format ? format == "json" : null,
        parsed.CommandResult.Command.Options.Contains(options.Root) ? parsed.GetValue(options.Root)! : "/",
        parsed.GetValue(options.Strict));

    /// <summary>
    /// The texts to read, in the order in which they are merged. What is missing or cannot be read is an error in <paramref name="findings"/>:
    /// never the same as an empty configuration.
    /// </summary>
    internal IReadOnlyList<(SourceText Text, bool Json)> ReadTexts(DiagnosticBag findings)
    {
        if (Path == "-")
        {
            return Read("standard input", Json ?? false, findings, () =>
            {
                using var input = Console.OpenStandardInput();
                return TextFile.Read(input, "standard input");
            });
        }

        if (Path is not null)
        {
            return ReadFile(Path, Path, findings);
        }

        var folder = System.IO.Path.Combine(Root, DefaultFolder.TrimStart('/'));
        var parts = System.IO.Path.Combine(folder, "conf.d");
        return
        [
            .. ReadFile(System.IO.Path.Combine(folder, "config.toml"), DefaultFolder + "/config.toml", findings),
            .. Parts(parts, findings).Order(StringComparer.Ordinal)
                .SelectMany(f => ReadFile(f, $"{DefaultFolder}/conf.d/{System.IO.Path.GetFileName(f)}", findings)),
        ];
    }

    // Whatever is in the way of a part is told: what it would have confined is not to be taken for left out.
    private static IEnumerable<string> Parts(string folder, DiagnosticBag findings)
    {
        if (Directory.Exists(folder))
        {
            return Directory.EnumerateFileSystemEntries(folder, "*.toml");
        }

        if (System.IO.Path.Exists(folder) || new FileInfo(folder).LinkTarget is not null)
        {
            findings.Error("VPC001", "", SourceSpan.WholeFile(DefaultFolder + "/conf.d"), $"{DefaultFolder}/conf.d is there and is no folder.", "Make it a folder with *.toml files in it, or delete it.");
        }

        return [];
    }

    private IReadOnlyList<(SourceText Text, bool Json)> ReadFile(string path, string shownAs, DiagnosticBag findings) =>
        Read(
            shownAs, Json ?? path.EndsWith(".json", StringComparison.OrdinalIgnoreCase), findings,
            () => TextFile.Read(path, shownAs));

    private static IReadOnlyList<(SourceText Text, bool Json)> Read(string shownAs, bool json, DiagnosticBag findings, Func<SourceText> read)
    {
        try
        {
            return [(read(), json)];
        }
        catch (UnauthorizedAccessException)
        {
            return Refused($"{shownAs} may not be read.", "Run this as root, or make the file readable.");
        }
        catch (FileNotFoundException e)
        {
            return Refused(
                e.FileName is { } path && new FileInfo(path).LinkTarget is { } target
                    ? $"{shownAs} is a symbolic link to {Visible.Text(target)}, where nothing is."
                    : $"{shownAs} does not exist.",
                "Write it first (the README shows the shortest one), or name another file with --config FILE.");
        }
        catch (UnreadableFileException e)
        {
            return Refused(
                $"{shownAs} cannot be read: {e.Reason}.",
                "Put a regular file there, or name another one with --config FILE; '--config -' reads standard input.");
        }
        catch (IOException e)
        {
            return Refused($"{e.Message}.", "Give a TOML or JSON file in UTF-8.");
        }

        IReadOnlyList<(SourceText Text, bool Json)> Refused(string message, string remedy)
        {
            findings.Error("VPC001", "", SourceSpan.WholeFile(shownAs), message, remedy);
            return [];
        }
    }
}
