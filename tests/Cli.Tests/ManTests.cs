using System.Diagnostics;
using VpnConfinement.Cli.Commands;
using VpnConfinement.Cli.Help;

namespace VpnConfinement.Cli.Tests;

/// <summary>The manual pages in man/; VPNC_UPDATE_GOLDEN=1 writes them anew.</summary>
public sealed class ManTests
{
    private static readonly string Folder = Path.Combine(Repository.Root, "man");

    /// <summary>The name of each page, and the command; empty for the program.</summary>
    public static TheoryData<string, string> Pages
    {
        get
        {
            var root = CommandTree.Create();
            var data = new TheoryData<string, string> { { "vpn-confinement.8", "" } };
            foreach (var command in ManPage.Commands(root))
            {
                data.Add(ManPage.NameOf(command) + ".8", command.Name);
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void The_page_in_the_repository_is_what_the_program_prints(string file, string command)
    {
        var root = CommandTree.Create();
        var page = ManPage.Of(command.Length == 0 ? root : root.Subcommands.Single(c => c.Name == command));
        var path = Path.Combine(Folder, file);
        if (Environment.GetEnvironmentVariable("VPNC_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(path, page);
        }

        Assert.Equal(File.ReadAllText(path), page);
    }

    [Fact]
    public void The_program_prints_its_pages()
    {
        Assert.Equal(File.ReadAllText(Path.Combine(Folder, "vpn-confinement.8")), Cli.Run("man").Output);
        Assert.Equal(File.ReadAllText(Path.Combine(Folder, "vpn-confinement-apply.8")), Cli.Run("man", "apply").Output);
    }

    [Fact]
    public void There_is_no_page_of_a_command_that_is_gone() => Assert.Equal(
        Pages.Select(p => p.Data.Item1).Append("vpn-confinement.toml.5").Order(StringComparer.Ordinal),
        Directory.EnumerateFiles(Folder).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal));

    [Theory]
    [MemberData(nameof(Pages))]
    public void Mandoc_has_nothing_to_say_of_a_page(string file, string command)
    {
        _ = command;
        var (status, output, error) = Run("/usr/bin/mandoc", "-Tlint", "-W", "style", Path.Combine(Folder, file));
        // A date would have to be kept by hand, and the page is printed.
        Assert.Equal("", error);
        Assert.DoesNotContain(
            output.Split('\n'), c => c.Length > 0 && !c.Contains("missing date", StringComparison.Ordinal));
        Assert.InRange(status, 0, 2);
    }

    [Theory]
    [MemberData(nameof(Pages))]
    public void A_page_has_every_section_and_renders(string file, string command)
    {
        var (status, page, _) = Run("/usr/bin/mandoc", "-Tutf8", "-O", "width=80", Path.Combine(Folder, file));
        Assert.Equal(0, status);
        var plain = string.Concat(
            page.Select((c, i) => i + 1 < page.Length && page[i + 1] == '\b' || c == '\b' ? "" : c.ToString()));
        var sections = plain.Split('\n').Where(l => l.Length > 0 && l[0] is >= 'A' and <= 'Z' && !l.Any(char.IsLower));
        Assert.Equal(
            ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "EXAMPLES", "EXIT STATUS", "SEE ALSO"],
            sections.Where(s => s is not ("COMMANDS" or "FILES") && !s.StartsWith("VPN-", StringComparison.Ordinal)));
        var root = CommandTree.Create();
        var examples = command.Length == 0
            ? ProgramPage.Examples
            : ((Verb)root.Subcommands.Single(c => c.Name == command)).Examples;
        Assert.All(examples, e => Assert.Contains($"{e.Line}\n", plain, StringComparison.Ordinal));
    }

    [Fact]
    public void Of_a_page_that_is_not_there_the_nearest_is_named()
    {
        var result = Cli.Run("man", "aply");
        Assert.Equal(2, result.Status);
        Assert.Contains("did you mean 'apply'?", result.Error, StringComparison.Ordinal);
    }

    private static (int Status, string Output, string Error) Run(string program, params string[] arguments)
    {
        using var process = Process.Start(
            new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
