using System.Collections.Concurrent;
using System.Text;
using VpnConfinement.Linux.Tests.Root;

namespace VpnConfinement.Linux.Tests.Providers;

/// <summary>
/// Files as providers write them, read by this program and by the real wg-quick, which makes a link of each in
/// namespaces of its own: the same meaning, or a finding. The page docs/providers.md has a row for each; run with
/// VPNC_UPDATE_GOLDEN=1 to write it anew. With VPNC_LAB_ROOT it is the wg-quick below that root.
/// </summary>
[Collection("root")]
public sealed class ProviderFilesTests
{
    private const string Head = """
        # Providers' files

        Written by a test, which has the real `wg-quick strip` and `wg-quick up` of Debian 12, 13 and forky make a link
        of each file, in a network namespace of its own, and compares it with what this program made of the same file:
        addresses, MTU, keys, port, mark, peers, allowed IPs, endpoints, keepalives, resolvers and search domains. The
        files are in the style of their source, with made-up keys and addresses of documentation; none is a copy.

        *same*: it means the same. *same, with* lines: `check` proposed exactly these lines, and with them it means the
        same. *refused*: a finding says why. A code in parentheses is a warning or notice that stays; VPC112 is that
        IPv6 is left out, because the file has no address for it.

        | source | file | wg-quick | vpn-confinement |
        | --- | --- | --- | --- |

        """;

    private static readonly string Root = Environment.GetEnvironmentVariable("VPNC_LAB_ROOT") ?? "/";

    private static readonly string Page = Path.Combine(Repository(), "docs/providers.md");

    [Fact]
    public void There_are_enough_of_them()
    {
        Assert.True(ProviderText.All.Count >= 80, $"{ProviderText.All.Count} files");
        Assert.True(ProviderText.All.Select(p => p.Source).Distinct().Count() >= 25);
        Assert.Equal(ProviderText.All.Count, ProviderText.All.Select(p => (p.Source, p.What)).Distinct().Count());
    }

    [Fact]
    public void Each_means_the_same_to_wg_quick_or_has_a_finding()
    {
        Sandbox.Require();
        var rows = new ConcurrentDictionary<ProviderText, string>();
        var wrong = new ConcurrentBag<string>();
        var two = new ParallelOptions { MaxDegreeOfParallelism = 2 };
        Parallel.ForEach(ProviderText.All, two, file => rows[file] = Row(file, wrong));
        Assert.True(wrong.IsEmpty, string.Join("\n\n", wrong.Order(StringComparer.Ordinal)));
        var page = Head + string.Concat(ProviderText.All.Select(f => rows[f] + "\n"));
        if (Environment.GetEnvironmentVariable("VPNC_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(Page, page);
        }

        Assert.Equal(File.ReadAllText(Page), page);
    }

    private static string Row(ProviderText file, ConcurrentBag<string> wrong)
    {
        var folder = Directory.CreateTempSubdirectory("vpnc-provider-").FullName;
        try
        {
            var verdict = Verdict.Of(Write(folder, file));
            var printed = Up(folder);
            var taken = printed.Contains("up yes");
            if (verdict.Confinement is null)
            {
                var codes = string.Join(", ", verdict.Errors.Select(e => e.Code).Distinct());
                if (verdict.Errors.Count == 0)
                {
                    wrong.Add($"{file.Source}: {file.What}: refused without a finding");
                }

                return Cells(file, taken, $"refused: {codes}: {verdict.Errors[0].Message}");
            }

            var lines = verdict.Lines.Count == 0
                ? "" : ", with " + string.Join(" and ", verdict.Lines.Select(l => $"`{l}`"));
            var notes = verdict.Notes.Count == 0 ? "" : $" ({string.Join(", ", verdict.Notes)})";
            if (!taken)
            {
                WriteSecret(Path.Combine(folder, "provider.conf"), file.Plain);
                printed = Up(folder);
                notes += ", as without what wg-quick refuses";
                if (!printed.Contains("up yes"))
                {
                    wrong.Add($"{file.Source}: {file.What}: wg-quick refuses it: {string.Join('\n', printed)}");
                }
            }

            var ours = Meaning.Of(verdict.Confinement);
            var theirs = Meaning.Of(printed, verdict.Confinement, withoutIPv6: verdict.Notes.Contains("VPC112"));
            if (verdict.Lines.Any(l => l.StartsWith("dns.servers", StringComparison.Ordinal)))
            {
                // wg-quick leaves such a file to the host's resolver.
                ours.RemoveAll(l => l.StartsWith("dns ", StringComparison.Ordinal));
                theirs.RemoveAll(l => l.StartsWith("dns ", StringComparison.Ordinal));
            }

            if (!ours.SequenceEqual(theirs))
            {
                wrong.Add(
                    $"{file.Source}: {file.What}\nours:\n{string.Join('\n', ours)}\n"
                    + $"wg-quick:\n{string.Join('\n', theirs)}");
            }

            return Cells(file, taken, $"same{lines}{notes}");
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Cells(ProviderText file, bool taken, string verdict) =>
        $"| {file.Source} | {file.What} | {(taken ? "takes it" : "refuses it")} | {verdict} |";

    // The root for this program, and beside it what the script takes.
    private static string Write(string folder, ProviderText file)
    {
        var keys = Directory.CreateDirectory(Path.Combine(folder, "root/etc/wireguard")).FullName;
        var hosts = new StringBuilder("127.0.0.1 localhost\n");
        var words = file.Text.Split(' ', '=', ':', '\n');
        foreach (var name in words.Where(w => w.EndsWith(".example", StringComparison.Ordinal)))
        {
            hosts.Append(Meaning.AddressOf(name)).Append(' ').Append(name).Append('\n');
        }

        foreach (var (path, text) in new[]
        {
            (Path.Combine(keys, "provider.conf"), file.Text),
            (Path.Combine(keys, "provider.key"), ProviderText.PrivateKey + "\n"),
            (Path.Combine(folder, "provider.conf"), file.Text),
            (Path.Combine(folder, "provider.key"), ProviderText.PrivateKey + "\n"),
            (Path.Combine(folder, "hosts"), hosts.ToString()),
        })
        {
            WriteSecret(path, text);
        }

        return Path.Combine(folder, "root");
    }

    private static void WriteSecret(string path, string text)
    {
        File.WriteAllText(path, text);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static string[] Up(string folder)
    {
        const string Apart = "unshare --net --mount --pid --fork --kill-child --mount-proc";
        var printed = Shell.Run($"{Apart} /bin/bash {Script()} {folder} {Root}").Split('\n');
        return printed[0] == "strip yes" && printed[1] is "up yes" or "up no"
            ? printed : throw new InvalidOperationException($"wg-quick gave no answer: {string.Join('\n', printed)}");
    }

    private static string Script() => Path.Combine(Repository(), "tests/Linux.Tests/Providers/up.sh");

    private static string Repository()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "VpnConfinement.slnx")))
            {
                return folder.FullName;
            }
        }

        throw new InvalidOperationException("run the tests from a build inside the repository");
    }
}
