using System.Text;
using VpnConfinement.Diagnostics;

namespace VpnConfinement.Cli.Commands;

/// <summary>The codes that <c>explain</c> knows: docs/diagnostics.md, which is a resource of the program.</summary>
internal static class CodeCatalog
{
    private const string Resource = "diagnostics.md";

    private static readonly Lazy<IReadOnlyList<CodeEntry>> Entries = new(() => CodePage.Read(Page()));

    /// <summary>All codes in order.</summary>
    internal static IReadOnlyList<CodeEntry> All => Entries.Value;

    private static string Page()
    {
        using var stream = typeof(CodeCatalog).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException($"the program was built without {Resource}");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return Encoding.UTF8.GetString(bytes);
    }
}
