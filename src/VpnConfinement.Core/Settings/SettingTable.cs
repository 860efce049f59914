using System.Globalization;

namespace VpnConfinement.Settings;

/// <summary>
/// Reads the compact form of the tables: a line with a verdict, codes of its rules and a colon, then lines with names.
/// <c>Name@253</c> came with systemd 253, <c>Name-258</c> does nothing from 258 on, <c>Old=New</c> is another name.
/// </summary>
internal static class SettingTable
{
    /// <summary>The settings in the order of the text.</summary>
    internal static IEnumerable<KnownSetting> Parse(string text)
    {
        var verdict = SettingVerdict.Harmless;
        string[] codes = [];
        foreach (var line in text.Split('\n'))
        {
            if (line.EndsWith(':'))
            {
                var head = line[..^1].Split(' ');
                verdict = VerdictOf(head[0]);
                codes = head[1..];
                continue;
            }

            foreach (var word in line.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            {
                yield return Setting(word, verdict, codes);
            }
        }
    }

    private static SettingVerdict VerdictOf(string word) => word switch
    {
        "harmless" => SettingVerdict.Harmless,
        "hardening" => SettingVerdict.Hardening,
        "weighed" => SettingVerdict.Weighed,
        "overruled" => SettingVerdict.Overruled,
        "ignored" => SettingVerdict.Ignored,
        _ => throw new InvalidOperationException($"'{word}' is no verdict"),
    };

    private static KnownSetting Setting(string word, SettingVerdict verdict, string[] codes)
    {
        var (rest, gone) = Number(word, '-');
        var (name, since) = Number(rest, '@');
        var alias = name.Split('=');
        return new KnownSetting(alias[0], since, gone, alias.Length > 1 ? alias[1] : null, verdict, codes);
    }

    private static (string Name, int? Version) Number(string word, char mark) =>
        word.IndexOf(mark, StringComparison.Ordinal) is var at and > 0
            ? (word[..at], int.Parse(word[(at + 1)..], NumberStyles.None, CultureInfo.InvariantCulture))
            : (word, null);
}
