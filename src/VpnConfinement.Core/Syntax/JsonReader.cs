using System.Buffers;
using System.Text;
using System.Text.Json;
using VpnConfinement.Diagnostics;
using VpnConfinement.Text;

namespace VpnConfinement.Syntax;

/// <summary>JSON text (RFC 8259, no comments, no trailing commas) to the same nodes as TOML.</summary>
public sealed class JsonReader
{
    private static readonly (string Part, string Message, string Remedy)[] Known =
    [
        ("trailing comma", "There is a comma after the last item.", "Take the comma out."),
        ("depth to be zero", "The text ends inside an object or a list.", "Close it with '}' or ']'."),
        ("maximum configured depth", "Objects and lists are nested more than 64 deep.", "Write it flatter; nothing here is nested more than 6 deep."),
        ("does not contain any JSON", "There is no JSON in this text.", "Begin with '{'."),
        ("start of a property name", "A name in double quotes is missing here.", "Write \"NAME\": VALUE."),
        ("start of a value", "This is no value.", "Values are \"text\", numbers, true, false, [lists] and {objects}; there are no comments."),
        ("JSON literal", "This is no value.", "Values are \"text\", numbers, true, false, [lists] and {objects}; there are no comments."),
        ("end of a number", "There is no comma, or no end, after the number.", "Write a comma between two members or items, and '}' or ']' at the end."),
        ("leading zero", "A number may not begin with 0.", "Take the 0 out."),
        ("after a value", "There is no comma, or no end, after the value.", "Write a comma between two members or items, and '}' or ']' at the end."),
        ("Expected a ':'", "There is no ':' after the name.", "Write \"NAME\": VALUE."),
        ("after a single JSON value", "There is more after the end of the configuration.", "Take it out."),
        ("escapable character", "This is no escape.", "Write \\\\ for a backslash."),
        ("string", "The text is not closed, or holds a character that has to be an escape.", "Close it with a double quote on the same line."),
        ("number", "This number cannot be read.", "Write a whole number without leading zeros."),
    ];

    private readonly string _file;
    private readonly DiagnosticBag _findings;
    private readonly LineMap _lines;

    private JsonReader(string file, byte[] bytes, DiagnosticBag findings)
    {
        _file = file;
        _findings = findings;
        _lines = new LineMap(bytes);
    }

    /// <summary>Reads a text; what it could make of a text with errors is returned with the errors in <paramref name="findings"/>.</summary>
    public static TableNode Read(SourceText text, DiagnosticBag findings)
    {
        var root = new TableNode(SourceSpan.WholeFile(text.File));
        if (!TextGuard.IsReadable(text, findings))
        {
            return root;
        }

        var bytes = Encoding.UTF8.GetBytes(text.Content.TrimStart('\uFEFF'));
        var reader = new Utf8JsonReader(bytes, new JsonReaderOptions { MaxDepth = 64 });
        var json = new JsonReader(text.File, bytes, findings);
        try
        {
            reader.Read();
            var value = json.Value(ref reader);
            reader.Read();
            if (value is TableNode table)
            {
                return table;
            }

            findings.Error("VPC001", "", value.Span, $"The configuration is {value.What}, not an object.", "Begin with '{'.");
        }
        catch (JsonException e)
        {
            var line = (int)(e.LineNumber ?? 0);
            SyntaxErrors.Report(text.File, line + 1, json._lines.Column(line, (int)(e.BytePositionInLine ?? 0)), Plain(e.Message), findings);
        }

        return root;
    }

    private Node Value(ref Utf8JsonReader reader)
    {
        var span = Span(ref reader);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return Table(ref reader, span);
            case JsonTokenType.StartArray:
                var items = new List<Node>();
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    items.Add(Value(ref reader));
                }

                return new ArrayNode(span, items);
            case JsonTokenType.String:
                return Unescape(ref reader) is { } text ? new StringNode(span, text) : new OtherNode(span, "a string that is not Unicode");
            case JsonTokenType.Number:
                return reader.TryGetInt64(out var number) ? new IntegerNode(span, number) : new OtherNode(span, "a fraction or a number out of range");
            case JsonTokenType.True or JsonTokenType.False:
                return new BooleanNode(span, reader.GetBoolean());
            default:
                return new OtherNode(span, "null");
        }
    }

    private TableNode Table(ref Utf8JsonReader reader, SourceSpan span)
    {
        var table = new TableNode(span);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var keySpan = Span(ref reader);
            var key = Unescape(ref reader);
            reader.Read();
            var value = Value(ref reader);
            if (key is null)
            {
                _findings.Error("VPC001", "", keySpan, "This name is not Unicode text.", "Write it without broken \\u escapes.");
            }
            else if (!table.TryAdd(new Member(key, keySpan, value)))
            {
                table.TryGet(key, out var first);
                _findings.Error("VPC004", "", keySpan, $"'{key}' is set twice; the first time at {first!.KeySpan}.", "Keep one of the two.");
            }
        }

        return table;
    }

    // A lone surrogate as \ud800 is legal JSON syntax and no text.
    private static string? Unescape(ref Utf8JsonReader reader)
    {
        try
        {
            return reader.GetString();
        }
        catch (InvalidOperationException)
        {
            return null;
        }
    }

    private SourceSpan Span(ref Utf8JsonReader reader)
    {
        var (line, column) = _lines.Place((int)reader.TokenStartIndex);
        return new SourceSpan(_file, line, column, Math.Max(1, reader.ValueSpan.Length + (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName ? 2 : 0)));
    }

    private static (string Message, string Remedy) Plain(string message)
    {
        foreach (var known in Known)
        {
            if (message.Contains(known.Part, StringComparison.Ordinal))
            {
                return (known.Message, known.Remedy);
            }
        }

        return ("This is not JSON.", "JSON is RFC 8259: names and text in double quotes, no comments.");
    }
}
