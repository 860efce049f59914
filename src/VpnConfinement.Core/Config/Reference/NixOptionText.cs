using System.Globalization;
using System.Text;
using System.Text.Json;

namespace VpnConfinement.Config.Reference;

/// <summary>Declarations of options in the Nix language.</summary>
internal static class NixOptionText
{
    private const int Width = 100;

    // What Nix says instead of the declared default. Other modules may use the links' names at evaluation.
    private static readonly Dictionary<string, string> Defaults = new(StringComparer.Ordinal)
    {
        ["hostLink.hostIf"] = "link.hostIf",
        ["hostLink.nsIf"] = "link.nsIf",
        ["wireguard.socketNamespace"] = Null,
    };

    private const string Null = "null";

    internal static void PrintAll(StringBuilder text, OptionTable table, string path, int indent)
    {
        foreach (var option in table.Options)
        {
            Print(text, option, path, indent);
        }
    }

    internal static void Print(StringBuilder text, OptionDeclaration option, string path, int indent)
    {
        var here = path.Length == 0 ? option.Name : $"{path}.{option.Name}";
        if (option.Type is OptionType.Table { Options: var table })
        {
            Line(text, indent, $"{option.Name} = {{");
            PrintAll(text, table, here, indent + 2);
            Line(text, indent, "};");
            return;
        }

        Line(text, indent, $"{option.Name} = mkOption {{");
        if (option.Type is OptionType.TableList list)
        {
            Line(text, indent + 2, "type = types.listOf (");
            Line(text, indent + 4, "types.submodule {");
            Line(text, indent + 6, "options = {");
            foreach (var item in list.Options.Options)
            {
                Line(text, indent + 8, $"{item.Name} = mkOption {{");
                Rest(text, item, Bare(item.Type), null, indent + 10);
                Line(text, indent + 8, "};");
            }

            Line(text, indent + 6, "};");
            Line(text, indent + 4, "}");
            Line(text, indent + 2, ");");
            Line(text, indent + 2, "default = [ ];");
            Description(text, option, indent + 2);
        }
        else
        {
            var value = Default(option, here);
            var type = Bare(option.Type);
            Rest(text, option, value == Null ? $"types.nullOr {InBrackets(type)}" : type, value, indent + 2);
        }

        Line(text, indent, "};");
    }

    internal static void Description(StringBuilder text, OptionDeclaration option, int indent)
    {
        // A default that something else changes is told in words too.
        var sentence = Sentence(option.Doc)
            + (option.DefaultNote is { } note ? $" Default: {note}." : "");
        if (sentence.Length + indent < Width)
        {
            Line(text, indent, $"description = {Quoted(sentence)};");
            return;
        }

        Line(text, indent, "description = ''");
        var line = new StringBuilder();
        foreach (var word in sentence.Replace("''", "'''", StringComparison.Ordinal)
            .Replace("${", "''${", StringComparison.Ordinal).Split(' '))
        {
            if (line.Length > 0 && indent + line.Length + word.Length > Width)
            {
                Line(text, indent + 2, line.ToString());
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        Line(text, indent + 2, line.ToString());
        Line(text, indent, "'';");
    }

    // A word of the configuration keeps its spelling.
    private static string Sentence(string doc) =>
        doc.TakeWhile(c => c != ' ').Skip(1).Any(char.IsAsciiLetterUpper) ? doc + "." : TypeText.Sentence(doc);

    private static void Rest(StringBuilder text, OptionDeclaration option, string type, string? value, int indent)
    {
        Line(text, indent, $"type = {type};");
        if (value is not null)
        {
            Line(text, indent, $"default = {value};");
        }

        if (option.Example is { } example)
        {
            Line(text, indent, $"example = {Example(option.Type, example)};");
        }

        Description(text, option, indent);
    }

    private static string Default(OptionDeclaration option, string path) =>
        option.Name == "enable" ? "false"
        : Defaults.TryGetValue(path, out var special) ? special
        : option.Default is { } literal ? Literal(literal)
        : option.Type switch
        {
            OptionType.Bool => "false",
            OptionType.Choice choice => Quoted(choice.Names[0]),
            OptionType.List => "[ ]",
            OptionType.Text or OptionType.Secret or OptionType.Number or OptionType.Mark => Null,
            OptionType.Table or OptionType.NamedTables or OptionType.TableList or _ => throw Unknown(option.Type),
        };

    private static string Bare(OptionType type) => type switch
    {
        OptionType.Bool => "types.bool",
        OptionType.Text { Form: var form } => form == TextForm.Path ? "types.path" : "types.str",
        OptionType.Secret => "types.str",
        OptionType.Number number when number == OptionType.Port => "types.port",
        OptionType.Number number => $"types.ints.between {number.Least} {number.Most}",
        OptionType.Mark => "types.ints.unsigned",
        OptionType.Choice choice => $"types.enum [ {string.Join(' ', choice.Names.Select(Quoted))} ]",
        OptionType.List { Item: OptionType.Text } => "types.listOf types.str",
        OptionType.List list => "types.listOf " + InBrackets(Bare(list.Item)),
        OptionType.Table or OptionType.NamedTables or OptionType.TableList or _ => throw Unknown(type),
    };

    private static string Example(OptionType type, string example) =>
        type is OptionType.Mark && MarkIn(example) is { } mark
            ? mark.ToString(CultureInfo.InvariantCulture)
            : Literal(example);

    private static uint? MarkIn(string example) =>
        uint.TryParse(
            example.Trim('"').Replace("0x", "", StringComparison.Ordinal), NumberStyles.AllowHexSpecifier,
            CultureInfo.InvariantCulture, out var mark)
            ? mark
            : null;

    private static string Literal(string json)
    {
        using var document = JsonDocument.Parse(json);
        return Literal(document.RootElement);
    }

    private static string Literal(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => Quoted(value.GetString()!),
        JsonValueKind.Array when value.GetArrayLength() == 0 => "[ ]",
        JsonValueKind.Array => $"[ {string.Join(' ', value.EnumerateArray().Select(Literal))} ]",
        JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False => value.GetRawText(),
        _ => throw new InvalidOperationException($"no literal of an option: {value.GetRawText()}"),
    };

    private static string Quoted(string text) => '"' + text.Replace("\\", "\\\\", StringComparison.Ordinal)
        .Replace("\"", "\\\"", StringComparison.Ordinal).Replace("${", "\\${", StringComparison.Ordinal) + '"';

    private static string InBrackets(string type) => type.Contains(' ', StringComparison.Ordinal) ? $"({type})" : type;

    private static InvalidOperationException Unknown(OptionType type) =>
        new($"a type that Nix is not told in one line: {type.GetType().Name}");

    private static void Line(StringBuilder text, int indent, string line) =>
        text.Append(' ', indent).Append(line).Append('\n');
}
