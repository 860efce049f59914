using VpnConfinement.Text;

namespace VpnConfinement.Diagnostics;

/// <summary>Collects findings; nothing that finds something stops at the first.</summary>
public sealed class DiagnosticBag
{
    // Names of the user's may be of any length; nobody reads more of one.
    private const int MaxLength = 800;

    private readonly List<Diagnostic> _items = [];

    /// <summary>True when at least one finding is an error.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>Whether a finding has this code.</summary>
    public bool Has(string code) => _items.Exists(d => d.Code == code);

    /// <summary>Adds a finding. A key that was written where something else belongs is hidden in what is said about it, and a control character is shown, not obeyed.</summary>
    public void Add(Diagnostic diagnostic)
    {
        _items.Add(diagnostic with
        {
            Path = Shown(diagnostic.Path),
            Message = Shown(diagnostic.Message),
            Remedy = Shown(diagnostic.Remedy),
        });
        HasErrors |= diagnostic.Severity == Severity.Error;
    }

    private static string Shown(string text) => Visible.Line(KeyMask.ApplyToMessage(text.Length > MaxLength ? text[..MaxLength] + "…" : text));

    /// <summary>The same findings with every warning an error; notices stay notices.</summary>
    public DiagnosticBag WarningsAsErrors()
    {
        var bag = new DiagnosticBag();
        foreach (var item in _items)
        {
            bag.Add(item.Severity == Severity.Warning ? item with { Severity = Severity.Error } : item);
        }

        return bag;
    }

    /// <summary>Adds all that another has.</summary>
    public void AddAll(DiagnosticBag other)
    {
        foreach (var item in other._items)
        {
            Add(item);
        }
    }

    /// <summary>What was found before, when the text was read.</summary>
    internal DiagnosticBag? Before { private get; init; }

    /// <summary>Whether what was written at a path is refused already, so that what follows from leaving it out needs no finding of its own.</summary>
    internal bool WasRefused(string path) => Before?._items.Exists(d => d.Severity == Severity.Error && d.Path == path) == true;

    /// <summary>Adds an error.</summary>
    public void Error(string code, string path, SourceSpan span, string message, string remedy) =>
        Add(new Diagnostic(code, Severity.Error, path, message, remedy, span));

    /// <summary>Adds a warning.</summary>
    public void Warning(string code, string path, SourceSpan span, string message, string remedy) =>
        Add(new Diagnostic(code, Severity.Warning, path, message, remedy, span));

    /// <summary>Adds a notice.</summary>
    public void Notice(string code, string path, SourceSpan span, string message, string remedy) =>
        Add(new Diagnostic(code, Severity.Notice, path, message, remedy, span));

    /// <summary>All findings in the order of file, line, column and code, so that output does not depend on the order of checks.</summary>
    public IReadOnlyList<Diagnostic> Sorted() =>
    [
        .. _items.Distinct()
            .OrderBy(d => d.Span.File, StringComparer.Ordinal)
            .ThenBy(d => d.Span.Line).ThenBy(d => d.Span.Column)
            .ThenBy(d => d.Code, StringComparer.Ordinal)
            .ThenBy(d => d.Path, StringComparer.Ordinal)
            .ThenBy(d => d.Message, StringComparer.Ordinal),
    ];
}
