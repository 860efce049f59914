using System.Globalization;
using System.Text;
using VpnConfinement.Text;

namespace VpnConfinement.Fuzz;

/// <summary>A tree in one form: TOML with every key quoted and every table inline, or JSON.</summary>
internal static class Canonical
{
    internal static void Print(StringBuilder text, TableNode root, bool json)
    {
        if (json)
        {
            Value(text, root, json);
            return;
        }

        foreach (var member in root.Members)
        {
            Quote(text, member.Key);
            text.Append(" = ");
            Value(text, member.Value, json);
            text.Append('\n');
        }
    }

    private static void Value(StringBuilder text, Node node, bool json)
    {
        switch (node)
        {
            case StringNode written:
                Quote(text, written.Value);
                break;
            case IntegerNode number:
                text.Append(CultureInfo.InvariantCulture, $"{number.Value}");
                break;
            case BooleanNode flag:
                text.Append(flag.Value ? "true" : "false");
                break;
            case ArrayNode array:
                text.Append('[');
                Join(text, array.Items, i => Value(text, i, json));
                text.Append(']');
                break;
            case TableNode table:
                text.Append('{');
                Join(text, table.Members, m =>
                {
                    Quote(text, m.Key);
                    text.Append(json ? ":" : " = ");
                    Value(text, m.Value, json);
                });
                text.Append('}');
                break;
            default:
                throw new Violation($"{node.What} was accepted");
        }
    }

    private static void Join<T>(StringBuilder text, IEnumerable<T> items, Action<T> print)
    {
        var first = true;
        foreach (var item in items)
        {
            text.Append(first ? "" : ", ");
            first = false;
            print(item);
        }
    }

    private static void Quote(StringBuilder text, string value)
    {
        text.Append('"');
        foreach (var c in value)
        {
            if (c is '"' or '\\')
            {
                text.Append('\\').Append(c);
            }
            else if (c is < ' ' or '\x7f')
            {
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else
            {
                text.Append(c);
            }
        }

        text.Append('"');
    }
}
