using System.Text;

namespace VpnConfinement.Config.Reference;

/// <summary>The reference as Markdown: <c>docs/options.md</c>.</summary>
public static class MarkdownReference
{
    private const string Head =
        """
        # Options

        <!-- Printed by 'vpn-confinement options'; change the declarations in src/VpnConfinement.Core/Config, not this file. -->

        `/etc/vpn-confinement/config.toml` is TOML, and so is each `/etc/vpn-confinement/conf.d/*.toml`; they are read as one, in the order of their names, and
        no key may be set twice. The same tree as JSON is accepted from a path that ends in `.json`, or with `--format json`. A table that is present is enabled unless
        it says `enable = false`. What is not listed here is refused. What may stand beside what is in [findings by code](diagnostics.md).

        **In an editor.** The [JSON Schema](vpn-confinement.schema.json) of the same options gives completion and checks while you write, in every editor
        that has [Taplo](https://taplo.tamasfe.dev) (in VS Code: Even Better TOML). Save it beside the configuration and name it in the first line:

            vpn-confinement options --format json-schema > vpn-confinement.schema.json

        ```toml
        #:schema ./vpn-confinement.schema.json
        ```

        The schema looks at each value by itself, in tables that are not in use as well; what several values or the host say together only `vpn-confinement check` knows.
        `vpn-confinement options --format man` prints this page for man(1).
        """;

    /// <summary>Prints it.</summary>
    public static string Print()
    {
        var text = new StringBuilder(Head).Append('\n');
        foreach (var section in ReferenceSection.All)
        {
            Print(text, section);
        }

        text.Append("\n## Forms of text\n\n| form | what it looks like |\n| --- | --- |\n");
        foreach (var form in TextForm.All)
        {
            text.Append($"| {Cell(form.Name)} | {Cell(form.Rule)} |\n");
        }

        return text.ToString();
    }

    private static void Print(StringBuilder text, ReferenceSection section)
    {
        text.Append("\n## ").Append(section.Path.Length == 0 ? "The top of the file" : $"`{section.Path}`").Append("\n\n");
        if (section.Doc.Length > 0)
        {
            text.Append(TypeText.Sentence(section.Doc)).Append("\n\n");
        }

        text.Append("| option | type | default | meaning |\n| --- | --- | --- | --- |\n");
        foreach (var option in section.Options)
        {
            var standard = option.Default is { } value ? $"`{value}`" : Cell(TypeText.Default(option));
            text.Append($"| `{option.Name}` | {Cell(TypeText.Of(option.Type))} | {standard} | {Cell(option.Doc)}{Example(option)} |\n");
        }

        text.Append("\n```toml\n").Append(section.Table.Example).Append("\n```\n");
    }

    private static string Example(OptionDeclaration option) => option.Example is { } example ? $"; as `{example}`" : "";

    private static string Cell(string text) => text.Replace("|", "\\|", StringComparison.Ordinal).Replace("*", "\\*", StringComparison.Ordinal);
}
