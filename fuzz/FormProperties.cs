using System.Text.RegularExpressions;
using VpnConfinement.Config;
using VpnConfinement.Text;

namespace VpnConfinement.Fuzz;

/// <summary>What is accepted and in use has the form that is declared: the patterns of the schema are a second grammar beside the parsers.</summary>
internal static class FormProperties
{
    private static readonly Dictionary<string, Regex> Patterns = [];

    internal static void Check(TableNode table, OptionTable options, string path)
    {
        if (table.TryGet("enable", out var enable) && enable.Value is BooleanNode { Value: false })
        {
            return;
        }

        foreach (var member in table.Members)
        {
            // An interface that no namespace uses is not looked at.
            if (options.Find(member.Key) is { } option && path + member.Key != "wireguard.interfaces")
            {
                Check(option.Type, member.Value, path + member.Key + ".");
            }
        }
    }

    internal static void Check(TextForm form, string value)
    {
        if (!Patterns.TryGetValue(form.Pattern, out var pattern))
        {
            Patterns[form.Pattern] = pattern = new Regex(form.Pattern, RegexOptions.CultureInvariant);
        }

        if (!pattern.IsMatch(value) || value.Contains('\n', StringComparison.Ordinal))
        {
            throw new Violation($"is accepted and is not {form.Name}: {Visible.Text(value)}");
        }
    }

    private static void Check(OptionType type, Node value, string path)
    {
        switch (type, value)
        {
            case (OptionType.Text text, StringNode written):
                Check(text.Form, written.Value);
                break;
            case (OptionType.List list, ArrayNode array):
                array.Items.ForEach(i => Check(list.Item, i, path));
                break;
            case (OptionType.Table one, TableNode table):
                Check(table, one.Options, path);
                break;
            case (OptionType.NamedTables named, TableNode tables):
                foreach (var member in tables.Members.Where(m => m.Value is TableNode))
                {
                    // A unit is confined by its table vpn; without one its name means nothing.
                    if (named.Options.Find("vpn") is null || (member.Value is TableNode unit && unit.TryGet("vpn", out var vpn) && !(vpn.Value is TableNode own && own.TryGet("enable", out var enable) && enable.Value is BooleanNode { Value: false })))
                    {
                        Check(named.Name, member.Key);
                    }

                    Check((TableNode)member.Value, named.Options, path);
                }

                break;
            case (OptionType.TableList list, ArrayNode array):
                array.Items.OfType<TableNode>().ToList().ForEach(t => Check(t, list.Options, path));
                break;
            default:
                break;
        }
    }
}
