namespace VpnConfinement.Config.Reference;

/// <summary>Types and defaults in words.</summary>
internal static class TypeText
{
    internal static string Of(OptionType type) => type switch
    {
        OptionType.Bool => "true or false",
        OptionType.Text text => text.Form.Name,
        OptionType.Secret => TextForm.Key.Name,
        OptionType.Number number => number.Wanted,
        OptionType.Mark => "a number of 32 bits, or text such as \"0x1f\"",
        OptionType.Choice choice => string.Join(" or ", choice.Names.Select(n => $"\"{n}\"")),
        OptionType.List { Item: OptionType.Text text } => "a list of " + text.Form.Plural,
        OptionType.List list => "a list, each " + Of(list.Item),
        OptionType.Table => "a table",
        OptionType.NamedTables => "tables by name",
        OptionType.TableList => "a list of tables",
        _ => throw new InvalidOperationException($"a type of an unknown kind: {type.GetType().Name}"),
    };

    internal static string Default(OptionDeclaration option) => option.Default ?? option.DefaultNote ?? "none";

    internal static string Sentence(string text) => char.ToUpperInvariant(text[0]) + text[1..] + ".";
}
