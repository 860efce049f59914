using System.Text;

namespace VpnConfinement.Config.Reference;

/// <summary>The reference as a manual page in man(7): <c>vpn-confinement.toml.5</c>.</summary>
public static class ManReference
{
    private const string Head =
        """
        .\" Printed by 'vpn-confinement options --format man'; change the declarations, not this file.
        .TH VPN\-CONFINEMENT.TOML 5 "" vpn\-confinement
        .SH NAME
        vpn\-confinement.toml \- configuration of vpn\-confinement
        .SH SYNOPSIS
        .I /etc/vpn\-confinement/config.toml
        .br
        .I /etc/vpn\-confinement/conf.d/*.toml
        .SH DESCRIPTION
        The files are TOML.
        They are read as one, in the order of their names; no key may be set twice.
        The same tree as JSON is accepted from a path that ends in
        .I .json
        or with
        .BR "\-\-format json" .
        A table that is present is enabled unless it says
        .BR "enable = false" .
        What is not listed here is refused.
        NAME stands for a name of your own.
        .SH OPTIONS
        """;

    private const string Foot =
        """
        .SH EXIT STATUS
        .B vpn\-confinement check
        ends with 0 when the configuration is accepted and with 1 when it is refused.
        .SH SEE ALSO
        .BR wg (8),
        .BR wg\-quick (8),
        .BR systemd.exec (5),
        .BR network_namespaces (7)
        """;

    private const int SourceWidth = 70;

    /// <summary>Prints it.</summary>
    public static string Print()
    {
        var text = new StringBuilder(Head).Append('\n');
        foreach (var section in ReferenceSection.All)
        {
            Print(text, section);
        }

        text.Append(".SH FORMS OF TEXT\n");
        foreach (var form in TextForm.All)
        {
            text.Append(".TP\n.B ").Append(Escape(form.Name)).Append('\n');
            Paragraph(text, form.Rule);
        }

        return text.Append(Foot).Append('\n').ToString();
    }

    private static void Print(StringBuilder text, ReferenceSection section)
    {
        text.Append(".SS ").Append(section.Path.Length == 0 ? "The top of the file" : Escape(section.Path)).Append('\n');
        if (section.Doc.Length > 0)
        {
            Paragraph(text, TypeText.Sentence(section.Doc));
        }

        foreach (var option in section.Options)
        {
            text.Append(".TP\n.B ").Append(Escape(option.Name)).Append('\n');
            Paragraph(text, $"{TypeText.Of(option.Type)}; default: {TypeText.Default(option)}");
            text.Append(".br\n");
            Paragraph(text, option.Doc + (option.Example is { } example ? $"; as {example}" : ""));
        }

        text.Append(".PP\nExample:\n.PP\n.nf\n.RS 4\n").Append(string.Join('\n', section.Table.Example.Split('\n').Select(Escape))).Append("\n.RE\n.fi\n");
    }

    // Filled by man(1) again; lines of the source stay short, as its style wants them.
    private static void Paragraph(StringBuilder text, string words)
    {
        var line = "";
        foreach (var word in words.Split(' '))
        {
            if (line.Length + word.Length > SourceWidth)
            {
                text.Append(Escape(line)).Append('\n');
                line = "";
            }

            line += (line.Length == 0 ? "" : " ") + word;
        }

        text.Append(Escape(line)).Append('\n');
    }

    // A dot or quote that begins a line would be a request; a minus alone would be printed as a hyphen.
    private static string Escape(string line)
    {
        var text = line.Replace("\\", "\\e", StringComparison.Ordinal).Replace("-", "\\-", StringComparison.Ordinal);
        return text.Length > 0 && text[0] is '.' or '\'' ? "\\&" + text : text;
    }
}
