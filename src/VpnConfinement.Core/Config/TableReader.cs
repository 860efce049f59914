using System.Globalization;
using VpnConfinement.Diagnostics;
using VpnConfinement.Text;

namespace VpnConfinement.Config;

/// <summary>Reads the members of one table by its declarations: unknown names and wrong types become findings, and reading goes on.</summary>
internal sealed class TableReader
{
    private readonly TableNode _table;
    private readonly OptionTable _options;
    private readonly DiagnosticBag _findings;

    internal TableReader(TableNode table, string path, OptionTable options, DiagnosticBag findings)
    {
        _table = table;
        _options = options;
        _findings = findings;
        Path = path;
        foreach (var member in table.Members.Where(m => options.Find(m.Key) is null))
        {
            Unknown(member);
        }
    }

    /// <summary>Option path of the table.</summary>
    internal string Path { get; }

    internal TableReader Table(string name)
    {
        var type = Declared<OptionType.Table>(name);
        var member = Find(name);
        if (member is not null && member.Value is not TableNode)
        {
            WrongType(member, "a table", TableRemedy(type.Options));
        }

        return new TableReader(member?.Value as TableNode ?? new TableNode(_table.Span), PathOf(name), type.Options, _findings);
    }

    /// <summary>The members of a table whose keys are the user's own names.</summary>
    internal IEnumerable<(Located<string> Name, TableReader Table)> NamedTables(string name)
    {
        var type = Declared<OptionType.NamedTables>(name);
        var member = Find(name);
        if (member?.Value is not TableNode tables)
        {
            if (member is not null)
            {
                WrongType(member, "a table of tables, by name");
            }

            yield break;
        }

        foreach (var entry in tables.Members)
        {
            if (entry.Value is TableNode table)
            {
                yield return (new Located<string>(entry.Key, entry.KeySpan), new TableReader(table, $"{PathOf(name)}.{entry.Key}", type.Options, _findings));
            }
            else
            {
                WrongType(entry with { Key = $"{name}.{entry.Key}" }, "a table", TableRemedy(type.Options));
            }
        }
    }

    internal IEnumerable<(SourceSpan Span, TableReader Table)> Tables(string name)
    {
        var type = Declared<OptionType.TableList>(name);
        foreach (var (item, index) in Items(name, "a list of tables", $"Write a list of tables, as [{{ NAME = VALUE }}]; {Names(type.Options)}.").Select((n, i) => (n, i)))
        {
            var path = $"{PathOf(name)}[{index}]";
            if (item is TableNode table)
            {
                yield return (item.Span, new TableReader(table, path, type.Options, _findings));
            }
            else
            {
                WrongType(path, item, "a table", remedy: TableRemedy(type.Options));
            }
        }
    }

    internal bool Has(string name) => Find(name) is not null;

    internal Located<string>? String(string name)
    {
        Declared<OptionType.Text>(name);
        return Text(name);
    }

    internal Located<SecretText>? Secret(string name)
    {
        Declared<OptionType.Secret>(name);
        return Text(name) is { } text ? new(new SecretText(text.Value), text.Span) : null;
    }

    private Located<string>? Text(string name)
    {
        switch (Find(name))
        {
            case null:
                return null;
            case { Value: StringNode text }:
                return new Located<string>(text.Value, text.Span);
            case var other:
                WrongType(other, "a string", _options.Find(name)?.Type is OptionType.Choice choice ? $"Use one of: {string.Join(", ", choice.Names.Select(n => $"\"{n}\""))}." : Remedy(name, "a string"));
                return null;
        }
    }

    internal Located<bool>? Boolean(string name)
    {
        Declared<OptionType.Bool>(name);
        switch (Find(name))
        {
            case null:
                return null;
            case { Value: BooleanNode flag }:
                return new Located<bool>(flag.Value, flag.Span);
            case var other:
                WrongType(other, "true or false");
                return null;
        }
    }

    internal Located<int>? Number(string name)
    {
        var type = Declared<OptionType.Number>(name);
        switch (Find(name))
        {
            case null:
                return null;
            case { Value: IntegerNode number } when type.Takes(number.Value):
                return new Located<int>((int)number.Value, number.Span);
            case var other:
                WrongType(other, type.Wanted);
                return null;
        }
    }

    internal IReadOnlyList<Located<int>> Ports(string name)
    {
        Declared<OptionType.List>(name, type => type.Item == OptionType.Port);
        return Items<int>(name, "a list of ports", OptionType.Port.Wanted, null, item =>
            item is IntegerNode number && OptionType.Port.Takes(number.Value)
                ? new Located<int>((int)number.Value, number.Span)
                : null);
    }

    internal IReadOnlyList<Located<string>> Strings(string name)
    {
        Declared<OptionType.List>(name, type => type.Item is OptionType.Text);
        return Strings(name, null);
    }

    internal Located<T>? Choice<T>(string name)
    {
        var type = Declared<OptionType.Choice<T>>(name);
        if (Text(name) is not { } text)
        {
            return null;
        }

        return Chosen(PathOf(name), text, type);
    }

    /// <summary>A list of words, each with its value; what is none of them is a finding and left out.</summary>
    internal IReadOnlyList<Located<T>> Choices<T>(string name)
    {
        var type = (OptionType.Choice<T>)Declared<OptionType.List>(name, list => list.Item is OptionType.Choice<T>).Item;
        return
        [
            .. Strings(name, $"Use one of: {string.Join(", ", type.Names)}.")
                .Select(text => Chosen(PathOf(name), text, type)).OfType<Located<T>>(),
        ];
    }

    private Located<T>? Chosen<T>(string path, Located<string> text, OptionType.Choice<T> type)
    {
        foreach (var choice in type.Values.Where(c => c.Name == text.Value))
        {
            return new Located<T>(choice.Value, text.Span);
        }

        var words = string.Join(", ", type.Names);
        var near = NearestName.Of(text.Value, type.Names);
        var remedy = near is null ? $"Use one of: {words}." : $"Did you mean '{near}'? It takes one of: {words}.";
        _findings.Error("VPC003", path, text.Span, $"{path} cannot be '{Visible.Text(text.Value)}'.", remedy);
        return null;
    }

    /// <summary>A mark: a number, or text in decimal or with 0x.</summary>
    internal Located<uint>? Mark(string name)
    {
        var type = Declared<OptionType.Mark>(name);
        switch (Find(name))
        {
            case null:
                return null;
            case { Value: IntegerNode number } when number.Value >= type.Least && number.Value <= uint.MaxValue:
                return new Located<uint>((uint)number.Value, number.Span);
            case { Value: StringNode text } when TryParseMark(text.Value, out var mark) && mark >= type.Least:
                return new Located<uint>(mark, text.Span);
            case var other:
                WrongType(PathOf(name), other.Value, $"a number from {type.Least} to 4294967295, or such text as \"0x1f\"", other.Value is IntegerNode or StringNode ? type.RangeCode : "VPC003");
                return null;
        }
    }

    // No leading zeros in decimal, which other readers take for octal; and the library takes NUL characters after a number for nothing.
    internal static bool TryParseMark(ReadOnlySpan<char> text, out uint mark)
    {
        mark = 0;
        return !text.Contains('\0') && (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            ? text.Length <= 10 && uint.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out mark)
            : (text.Length == 1 || !text.StartsWith('0')) && uint.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out mark));
    }

    private List<Located<string>> Strings(string name, string? remedy) => Items<string>(
        name, "a list of strings", "a string", remedy,
        item => item is StringNode text ? new Located<string>(text.Value, text.Span) : null);

    // What is read of each item, which is null for an item of another type.
    private List<Located<T>> Items<T>(
        string name, string list, string wanted, string? remedy, Func<Node, Located<T>?> read)
    {
        var values = new List<Located<T>>();
        foreach (var item in Items(name, list, Remedy(name, list)))
        {
            if (read(item) is { } value)
            {
                values.Add(value);
            }
            else
            {
                WrongType(PathOf(name), item, wanted, remedy: remedy);
            }
        }

        return values;
    }

    private List<Node> Items(string name, string wanted, string remedy)
    {
        switch (Find(name))
        {
            case null:
                return [];
            case { Value: ArrayNode array }:
                return array.Items;
            case var other:
                WrongType(other, wanted, remedy);
                return [];
        }
    }

    // What is read and not declared, or declared otherwise, is a mistake of ours.
    private T Declared<T>(string name, Func<T, bool>? isSo = null)
        where T : OptionType => _options.Find(name)?.Type is T type && isSo?.Invoke(type) != false ? type
            : throw new InvalidOperationException($"option {PathOf(name)} is not declared as it is read");

    private Member? Find(string name) => _table.TryGet(name, out var member) ? member : null;

    private string PathOf(string name) => Path.Length == 0 ? name : $"{Path}.{name}";

    private string Remedy(string name, string wanted) => _options.Find(name)?.Example is { } example ? $"Write {wanted}, as {example}." : $"Write {wanted}.";

    private static string TableRemedy(OptionTable options) => $"Write a table, as {{ NAME = VALUE }}; {Names(options)}.";

    private static string Names(OptionTable options) => $"here NAME can be: {string.Join(", ", options.Options.Select(o => o.Name))}";

    private void WrongType(Member member, string wanted, string? remedy = null) => WrongType(PathOf(member.Key), member.Value, wanted, remedy: remedy);

    private void WrongType(string path, Node found, string wanted, string code = "VPC003", string? remedy = null)
    {
        var value = found is IntegerNode number ? $"{number.Value}" : found.What;
        _findings.Error(code, path, found.Span, $"{Visible.Text(path)} is {value}; {wanted} is needed.", remedy ?? $"Write {wanted}.");
    }

    private void Unknown(Member member)
    {
        var path = PathOf(member.Key);
        var near = NearestName.Of(member.Key, _options.Options.Select(o => o.Name));
        _findings.Error(
            "VPC002", path, member.KeySpan, $"There is no option '{Visible.Text(path)}'.",
            near is null ? $"Here there are: {string.Join(", ", _options.Options.Select(o => o.Name))}." : $"Did you mean '{near}'?");
    }
}
