using System.Text;
using System.Text.RegularExpressions;

namespace VpnConfinement.Linux.Tests.Providers;

/// <summary>A file as a provider or its tools write it.</summary>
/// <param name="Source">Whose style it is.</param>
/// <param name="What">What is particular about it.</param>
/// <param name="Text">Its text, with made-up keys.</param>
internal sealed partial record ProviderText(string Source, string What, string Text)
{
    internal const string PrivateKey = "AAIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eH2A=";

    private const string PublicKey = "PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0=";
    private const string OtherPublicKey = "ypeBEsobvcr6wjGzmiPcTaeG7/gUfE5yuYB3ha/uSLs=";
    private const string PresharedKey = "Ig/4ExD1BNHhUJJ1vmNtPtGbm0wEGb6ukKbIFAGPsbQ=";

    /// <summary>
    /// The text without what wg-quick refuses and this program takes: a byte order mark, lines of AmneziaWG.
    /// </summary>
    internal string Plain =>
        string.Join('\n', Text.TrimStart('\uFEFF').Split('\n').Where(l => !AmneziaLine().IsMatch(l)));

    /// <summary>All of them, in the order of the page.</summary>
    internal static IReadOnlyList<ProviderText> All { get; } = [.. Sections()];

    private static IEnumerable<ProviderText> Sections()
    {
        using var stream = typeof(ProviderText).Assembly.GetManifestResourceStream("provider-files.txt")!;
        using var reader = new StreamReader(stream, Encoding.UTF8);
        foreach (var section in reader.ReadToEnd().Split("\n== ").Skip(1))
        {
            var end = section.IndexOf('\n', StringComparison.Ordinal);
            var colon = section.IndexOf(": ", StringComparison.Ordinal);
            var what = section[(colon + 2)..end];
            var name = what.Split(" {")[0];
            var text = section[(end + 1)..].TrimEnd('\n') + "\n";
            yield return new ProviderText(section[..colon], name, Made(text, what));
        }
    }

    private static string Made(string text, string how)
    {
        text = text.Replace("PUB2", OtherPublicKey, StringComparison.Ordinal)
            .Replace("PUB", PublicKey, StringComparison.Ordinal)
            .Replace("PSK", PresharedKey, StringComparison.Ordinal)
            .Replace("KEY", PrivateKey, StringComparison.Ordinal);
        text = Is("{no newline}") ? text.TrimEnd('\n') : text;
        text = Is("{crlf}") ? text.Replace("\n", "\r\n", StringComparison.Ordinal) : text;
        return Is("{bom}") ? '\uFEFF' + text : text;

        bool Is(string word) => how.Contains(word, StringComparison.Ordinal);
    }

    [GeneratedRegex("^(J[a-z]+|[SHI][1-5]) = ")]
    private static partial Regex AmneziaLine();
}
