using System.Text.RegularExpressions;
using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Linux.Facts;
using VpnConfinement.Text;
using VpnConfinement.Validation;

namespace VpnConfinement.Core.Tests;

/// <summary>
/// <c>docs/diagnostics.md</c>: a table of the codes and an example of each, as a section <c>### VPC013</c> with blocks. A block <c>toml</c> is the configuration
/// (<c>toml NAME</c> another file of it, <c>json</c> the same in JSON); <c>ini NAME</c> is a file or unit of the host, of which the first two examples on the page hold for all;
/// <c>Without NAME.</c> takes one of those away, <c>NAME can be read by others.</c> gives it mode 0644. <c>Beside it: VPC016.</c> names what comes along.
/// The block <c>text</c> is what the program says.
/// </summary>
internal static partial class DiagnosticsPage
{
    internal static readonly string File = Path.GetFullPath(Path.Combine(TestPaths.Project, "../../docs/diagnostics.md"));

    internal static IEnumerable<(string Code, string Severity)> Table => Row().Matches(System.IO.File.ReadAllText(File)).Select(m => (m.Groups[1].Value, m.Groups[2].Value));

    /// <summary>The sections of what <c>check</c> finds, by code.</summary>
    internal static IReadOnlyDictionary<string, string> Sections =>
        All.Where(s => s.Key.StartsWith("VPC", StringComparison.Ordinal)).ToDictionary(StringComparer.Ordinal);

    /// <summary>All sections by code, those of what <c>doctor</c> finds too.</summary>
    internal static IReadOnlyDictionary<string, string> All =>
        System.IO.File.ReadAllText(File).Split("\n### ").Skip(1).ToDictionary(s => s.Split('\n')[0], s => s, StringComparer.Ordinal);

    /// <summary>What is said about the example of a section, and what else the section says comes along.</summary>
    internal static (IReadOnlyList<Diagnostic> Findings, string Text, IReadOnlyList<string> BesideIt) Run(string section)
    {
        var root = Directory.CreateTempSubdirectory("vpnc-page-").FullName;
        try
        {
            var general = Blocks(System.IO.File.ReadAllText(File).Split("\n### ")[0]).Concat(Blocks(section)).Where(b => b.Kind == "ini").ToList();
            foreach (var (_, name, body) in general)
            {
                WriteHostFile(root, name, body);
            }

            foreach (var name in Without().Matches(section).Select(m => m.Groups[1].Value))
            {
                System.IO.File.Delete(HostPath(root, name));
            }

            foreach (var name in ReadByOthers().Matches(section).Select(m => m.Groups[1].Value))
            {
                System.IO.File.SetUnixFileMode(HostPath(root, name), (UnixFileMode)0x1a4); // 0644
            }

            var texts = Blocks(section).Where(b => b.Kind is "toml" or "json")
                .Select(b => (new SourceText(b.Name.Length == 0 ? "config." + b.Kind : b.Name, b.Body), b.Kind == "json")).ToList();
            var (findings, sources) = Check(texts, root);
            return (findings, string.Join('\n', findings.Select(f => DiagnosticText.Render(f, sources, (t, _) => t))), [.. BesideIt().Matches(section).SelectMany(m => m.Groups[1].Value.Split(", "))]);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    /// <summary>The section with what the program says.</summary>
    internal static string WithText(string section, string text)
    {
        var rest = TextBlock().Replace(section, "").TrimEnd('\n');
        return $"{rest}\n\n```text\n{text.TrimEnd('\n')}\n```\n";
    }

    internal static IEnumerable<(string Kind, string Name, string Body)> Blocks(string section) =>
        Block().Matches(section).Select(m => (m.Groups[1].Value, m.Groups[2].Value, m.Groups[3].Value));

    private static (IReadOnlyList<Diagnostic> Findings, Dictionary<string, SourceText> Sources) Check(List<(SourceText Text, bool Json)> texts, string root)
    {
        var sources = texts.ToDictionary(t => t.Text.File, t => t.Text);
        var findings = new DiagnosticBag();
        if (ConfigReader.Read(texts, findings) is { } config)
        {
            var facts = new HostFactsReader(root).Read(Validator.Requests(config));
            foreach (var text in facts.Files.Values.OfType<FileFact.Present>().Select(p => p.Text).OfType<SourceText>())
            {
                sources.TryAdd(text.File, text);
            }

            Validator.Validate(config, facts, strict: false, findings);
        }

        return (findings.Sorted(), sources);
    }

    private static void WriteHostFile(string root, string name, string body)
    {
        var path = HostPath(root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllText(path, body);
        System.IO.File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static string HostPath(string root, string name) => root + (name.StartsWith('/') ? name : "/usr/lib/systemd/system/" + name);

    [GeneratedRegex(@"^\| (VPC[0-9]{3}) \| ([a-z, ]+) \|", RegexOptions.Multiline)]
    private static partial Regex Row();

    [GeneratedRegex(@"^```([a-z]+) ?(\S*)\n(.*?)^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex Block();

    [GeneratedRegex(@"\n*^```text\n.*?^```$", RegexOptions.Multiline | RegexOptions.Singleline)]
    private static partial Regex TextBlock();

    [GeneratedRegex(@"^Without `(\S+)`\.$", RegexOptions.Multiline)]
    private static partial Regex Without();

    [GeneratedRegex(@"^`(\S+)` can be read by others\.$", RegexOptions.Multiline)]
    private static partial Regex ReadByOthers();

    [GeneratedRegex(@"^Beside it: (VPC[0-9]{3}(?:, VPC[0-9]{3})*)\.$", RegexOptions.Multiline)]
    private static partial Regex BesideIt();
}
