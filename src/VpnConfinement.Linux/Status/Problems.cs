using System.Text.Json;

namespace VpnConfinement.Linux.Status;

/// <summary>Collects what is wrong and what could not be told.</summary>
internal sealed class Problems
{
    private readonly List<string> _lines = [];

    internal IReadOnlyList<string> Lines => _lines;

    internal Verdict Verdict { get; private set; }

    internal void Bad(string line)
    {
        _lines.Add(line);
        Verdict = Verdict.Bad;
    }

    internal void Unknown(string line)
    {
        _lines.Add(line);
        Verdict = Verdicts.Worst([Verdict, Verdict.Unknown]);
    }

    /// <summary>Asks; what cannot be answered is a line, and the default.</summary>
    internal T? Try<T>(string what, Func<T> ask)
    {
        try
        {
            return ask();
        }
        catch (Exception e) when (e is SystemFailure or IOException or UnauthorizedAccessException or JsonException)
        {
            Unknown($"{what} could not be read: {e.Message}");
            return default;
        }
    }
}
