namespace VpnConfinement.Config.Reference;

/// <summary>One table of the reference, with the path at which it is written.</summary>
/// <param name="Path">The path, user-chosen names as NAME, a list of tables with <c>[]</c>; empty for the top of the file.</param>
/// <param name="Doc">One line on what it is.</param>
/// <param name="Table">The table.</param>
internal sealed record ReferenceSection(string Path, string Doc, OptionTable Table)
{
    /// <summary>All tables in the order of declaration; those that hold nothing but tables have no section of their own.</summary>
    internal static IReadOnlyList<ReferenceSection> All { get; } = [.. Below(new("", "", OptionTables.Top)).Where(s => s.Table.Options.Any(o => TableOf(o.Type) is null))];

    /// <summary>The options that are no tables.</summary>
    internal IEnumerable<OptionDeclaration> Options => Table.Options.Where(o => TableOf(o.Type) is null);

    private static IEnumerable<ReferenceSection> Below(ReferenceSection section) =>
        [
            section,
            .. section.Table.Options.SelectMany(o => TableOf(o.Type) is { } table ? Below(new(PathOf(section.Path, o), o.Doc, table)) : []),
        ];

    private static OptionTable? TableOf(OptionType type) => type switch
    {
        OptionType.Table one => one.Options,
        OptionType.NamedTables named => named.Options,
        OptionType.TableList list => list.Options,
        _ => null,
    };

    private static string PathOf(string parent, OptionDeclaration option) =>
        (parent.Length == 0 ? "" : parent + ".") + option.Name + option.Type switch
        {
            OptionType.NamedTables named => "." + named.Placeholder,
            OptionType.TableList => "[]",
            _ => "",
        };
}
