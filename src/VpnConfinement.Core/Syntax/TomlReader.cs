using Tomlyn;
using Tomlyn.Parsing;
using Tomlyn.Syntax;
using VpnConfinement.Diagnostics;
using VpnConfinement.Text;
using SourceSpan = VpnConfinement.Text.SourceSpan;

namespace VpnConfinement.Syntax;

/// <summary>TOML 1.1 text to nodes (toml.io). Syntax is Tomlyn's; which keys may meet in one table is decided here, with both places named.</summary>
public sealed class TomlReader
{
    private const string KeepOne = "Keep one of the two.";

    // As deep as the parser lets lists and inline tables nest; names with dots nest as well, and what walks a tree must not run out of stack.
    private const int MaxDepth = 64;

    private readonly string _file;
    private readonly TomlColumns _columns;
    private readonly List<TableNode> _dotted = [];
    private readonly DiagnosticBag _findings;

    private TomlReader(string file, TomlColumns columns, DiagnosticBag findings)
    {
        _file = file;
        _columns = columns;
        _findings = findings;
    }

    /// <summary>Reads a text; what it could make of a text with errors is returned with the errors in <paramref name="findings"/>.</summary>
    public static TableNode Read(SourceText text, DiagnosticBag findings)
    {
        var root = new TableNode(SourceSpan.WholeFile(text.File));
        if (!TextGuard.IsReadable(text, findings))
        {
            return root;
        }

        DocumentSyntax document;
        try
        {
            // The parser looks past the end of a text that ends inside an escape; a last line break keeps it inside.
            document = SyntaxParser.Parse(text.Content + "\n", text.File, validate: false);
        }
        catch (TomlException e)
        {
            // What the parser gives up on at once: nesting past its limit of 64.
            SyntaxErrors.Report(text.File, e.Line ?? 1, e.Column ?? 1, TomlMessages.TooDeep, findings);
            return root;
        }

        if (document.HasErrors)
        {
            // The parser's order is not that of the text.
            var first = document.Diagnostics.MinBy(d => (d.Span.Start.Line, d.Span.Start.Column))!;
            SyntaxErrors.Report(text.File, first.Span.Start.Line + 1, new TomlColumns(text.Content).Of(first.Span.Start.Line, first.Span.Start.Column), TomlMessages.Plain(first.Message), findings);
            return root;
        }

        new TomlReader(text.File, new TomlColumns(text.Content), findings).Fill(root, document);
        return root;
    }

    private void Fill(TableNode root, DocumentSyntax document)
    {
        AddSection(root, document.KeyValues, 0);
        foreach (var header in document.Tables)
        {
            var keys = Keys(header.Name!);
            if (IsTooDeep(keys, 0))
            {
                continue;
            }

            var parent = Descend(root, keys, keys.Count - 1, throughArrays: true);
            if (parent is null)
            {
                continue;
            }

            var (key, span) = keys[^1];
            var table = header is TableArraySyntax ? AddElement(parent, key, span) : OpenTable(parent, key, span);
            if (table is not null)
            {
                AddSection(table, header.Items, keys.Count);
                table.IsClosed = true;
            }
        }
    }

    // A table that names with dots have made in one section is defined by it: no later header or section adds to it (TOML 1.0, "Table").
    private void AddSection(TableNode table, IEnumerable<KeyValueSyntax> items, int depth)
    {
        AddAll(table, items, depth);
        _dotted.ForEach(t => t.IsClosed = true);
        _dotted.Clear();
    }

    private void AddAll(TableNode table, IEnumerable<KeyValueSyntax> items, int depth)
    {
        foreach (var item in items)
        {
            var keys = Keys(item.Key!);
            if (!IsTooDeep(keys, depth) && Descend(table, keys, keys.Count - 1, throughArrays: false) is { } target)
            {
                Add(target, new Member(keys[^1].Key, keys[^1].Span, Value(item.Value!, depth + keys.Count)));
            }
        }
    }

    private bool IsTooDeep(List<(string Key, SourceSpan Span)> keys, int depth)
    {
        if (keys.Count + depth <= MaxDepth)
        {
            return false;
        }

        var words = TomlMessages.TooDeep;
        _findings.Error("VPC001", "", keys[^1].Span, words.Message, words.Remedy);
        return true;
    }

    // Walks to the table that holds the last key, making tables on the way.
    private TableNode? Descend(TableNode table, List<(string Key, SourceSpan Span)> keys, int count, bool throughArrays)
    {
        for (var i = 0; i < count; i++)
        {
            var (key, span) = keys[i];
            if (!table.TryGet(key, out var member))
            {
                var made = new TableNode(span);
                table.TryAdd(new Member(key, span, made));
                table = made;
            }
            else if (member.Value is TableNode next && (throughArrays || !next.IsClosed))
            {
                table = next;
            }
            else if (throughArrays && member.Value is ArrayNode { Items: [.., TableNode last] })
            {
                table = last;
            }
            else
            {
                Twice(key, span, member.KeySpan);
                return null;
            }

            if (!throughArrays)
            {
                _dotted.Add(table);
            }
        }

        return table;
    }

    private TableNode? OpenTable(TableNode parent, string key, SourceSpan span)
    {
        if (!parent.TryGet(key, out var member))
        {
            var table = new TableNode(span);
            parent.TryAdd(new Member(key, span, table));
            return table;
        }

        if (member.Value is TableNode { IsClosed: false } open)
        {
            return open;
        }

        Twice(key, span, member.KeySpan, member.Value is TableNode ? "Put the lines of both under the first." : KeepOne);
        return null;
    }

    private TableNode? AddElement(TableNode parent, string key, SourceSpan span)
    {
        var element = new TableNode(span);
        if (!parent.TryGet(key, out var member))
        {
            parent.TryAdd(new Member(key, span, new ArrayNode(span, [element])));
            return element;
        }

        if (member.Value is ArrayNode { Items: [.., TableNode] } array)
        {
            array.Items.Add(element);
            return element;
        }

        Twice(key, span, member.KeySpan);
        return null;
    }

    private void Add(TableNode table, Member member)
    {
        if (!table.TryAdd(member))
        {
            table.TryGet(member.Key, out var first);
            Twice(member.Key, member.KeySpan, first!.KeySpan);
        }
    }

    private void Twice(string key, SourceSpan again, SourceSpan first, string remedy = KeepOne) =>
        _findings.Error("VPC004", "", again, $"'{key}' is set twice; the first time at {first}.", remedy);

    private Node Value(ValueSyntax value, int depth)
    {
        var span = Span(value);
        switch (value)
        {
            case StringValueSyntax text:
                return new StringNode(span, Text(text));
            case IntegerValueSyntax number:
                return new IntegerNode(span, number.Value);
            case BooleanValueSyntax flag:
                return new BooleanNode(span, flag.Value);
            case ArraySyntax array:
                return new ArrayNode(span, [.. array.Items.Select(i => Value(i.Value!, depth))]);
            case InlineTableSyntax inline:
                var table = new TableNode(span);
                AddAll(table, inline.Items.Select(i => i.KeyValue!), depth);
                table.IsClosed = true;
                return table;
            case FloatValueSyntax:
                return new OtherNode(span, "a fraction");
            default:
                return new OtherNode(span, "a date or time");
        }
    }

    private List<(string Key, SourceSpan Span)> Keys(KeySyntax key)
    {
        var keys = new List<(string, SourceSpan)> { (Text(key.Key!), Span(key.Key!)) };
        foreach (var item in key.DotKeys)
        {
            keys.Add((Text(item.Key!), Span(item.Key!)));
        }

        return keys;
    }

    private string Text(BareKeyOrStringValueSyntax key) =>
        key switch
        {
            BareKeySyntax bare => bare.Key?.Text ?? "",
            StringValueSyntax quoted => Text(quoted),
            _ => throw new InvalidOperationException($"a key of an unknown kind: {key.GetType().Name}"),
        };

    // The parser passes over a backslash before a blank, which is an escape at the end of a line of """ only.
    private string Text(StringValueSyntax text)
    {
        var raw = text.Token?.Text ?? "";
        for (var i = 0; raw.StartsWith('"') && i + 1 < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                continue;
            }

            var next = raw.AsSpan(++i).TrimStart(" \t");
            if (raw[i] is ' ' or '\t' && (!raw.StartsWith("\"\"\"", StringComparison.Ordinal) || next is not ['\r' or '\n', ..]))
            {
                var words = TomlMessages.NoEscape;
                _findings.Error("VPC001", "", Span(text), words.Message, words.Remedy);
                break;
            }
        }

        return text.Value ?? "";
    }

    private SourceSpan Span(SyntaxNodeBase node)
    {
        var start = node.Span.Start;
        var length = node.Span.End.Line == start.Line ? node.Span.End.Column - start.Column + 1 : 1;
        return new SourceSpan(_file, start.Line + 1, _columns.Of(start.Line, start.Column), Math.Max(1, length));
    }
}
