using System.Text;
using VpnConfinement.Settings;
using VpnConfinement.Validation;

namespace VpnConfinement.Core.Tests.Settings;

/// <summary>The end of <c>docs/units.md</c> is printed from the tables. VPNC_UPDATE_GOLDEN=1 writes it anew.</summary>
public sealed class SettingPageTests
{
    private const string Heading = "## Every setting\n";
    private const int Width = 120;

    private static readonly string File = Path.GetFullPath(Path.Combine(TestPaths.Project, "../../docs/units.md"));

    private static readonly (SettingVerdict Verdict, string Means)[] Verdicts =
    [
        (SettingVerdict.Weighed, "its value is looked at by the rules of these codes"),
        (SettingVerdict.Overruled, "ours stands, whatever the unit says, until `allow` gives its own back"),
        (SettingVerdict.Hardening, "it takes from the service; kept without a word"),
        (SettingVerdict.Harmless, "no part in the network, the names or the privileges of a service"),
        (SettingVerdict.Ignored, "systemd accepts the name and does nothing"),
    ];

    [Fact]
    public void The_page_is_printed_from_the_tables()
    {
        var page = System.IO.File.ReadAllText(File);
        var before = page[..page.IndexOf(Heading, StringComparison.Ordinal)];
        if (Environment.GetEnvironmentVariable("VPNC_UPDATE_GOLDEN") == "1")
        {
            System.IO.File.WriteAllText(File, page = before + Text());
        }

        Assert.Equal(Text(), page[before.Length..]);
    }

    private static string Text()
    {
        var text = new StringBuilder(Heading);
        Paragraph(text, $"Every setting that systemd 249 to {KnownSettings.Newest} knows, by what it counts for. "
            + "`@253` is the version that brought a setting, `-258` the version from which on it does nothing, "
            + "`=New` the name that it has today. "
            + "What is not here is VPC119. Keys and sections that begin with `X-` are for other programs. "
            + "What [Socket] shares with [Service] counts there for the commands of the socket, "
            + "and each of those is named (VPC113).");
        Paragraph(text, "A path counts beside the group of its setting. Where a service sees `/dev/shm` or a daemon's "
            + "folder by it, that is VPC113; where it lies on a network file system, VPC125 (both above). "
            + $"Such paths are those of {string.Join(", ", UnitPath.Keys.Select(k => $"`{k}=`"))}, "
            + "and the programs of all commands.");
        foreach (var section in (string[])["Unit", "Service", "Socket", "Install"])
        {
            var shared = section == "Socket" ? KnownSettings.Of("Service") : new Dictionary<string, KnownSetting>();
            var settings = KnownSettings.Of(section).Values
                .Where(s => !shared.TryGetValue(s.Name, out var same) || !same.Codes.SequenceEqual(s.Codes)).ToList();
            text.Append(null, $"\n### [{section}]\n");
            foreach (var (verdict, means) in Verdicts)
            {
                var groups = settings.Where(s => s.Verdict == verdict).GroupBy(s => string.Join(", ", s.Codes));
                foreach (var group in groups.OrderBy(g => g.Key, StringComparer.Ordinal))
                {
                    Paragraph(text, $"{verdict}{(group.Key.Length == 0 ? "" : " " + group.Key)}, {means}: "
                        + string.Join(' ', group.OrderBy(s => s.Name, StringComparer.Ordinal).Select(Shown)));
                }
            }
        }

        return text.ToString();
    }

    private static string Shown(KnownSetting setting) =>
        setting.Name + (setting.AliasOf is { } name ? "=" + name : "")
            + (setting.Since is { } since ? $"@{since}" : "") + (setting.GoneWith is { } gone ? $"-{gone}" : "");

    private static void Paragraph(StringBuilder text, string words)
    {
        text.Append('\n');
        var column = 0;
        foreach (var word in words.Split(' '))
        {
            if (column > 0 && column + 1 + word.Length > Width)
            {
                text.Append('\n');
                column = 0;
            }

            text.Append(column > 0 ? " " : "").Append(word);
            column += word.Length + (column > 0 ? 1 : 0);
        }

        text.Append('\n');
    }
}
