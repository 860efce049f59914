using System.Collections;
using System.Text;
using VpnConfinement.Config;
using VpnConfinement.Text;

namespace VpnConfinement.Fuzz;

/// <summary>What records say, without where it was written.</summary>
internal static class Said
{
    internal static string By(object value)
    {
        var text = new StringBuilder();
        Append(text, value);
        return text.ToString();
    }

    private static void Append(StringBuilder text, object? value)
    {
        switch (value)
        {
            case null:
                text.Append("null");
                break;
            case SourceSpan:
                break;
            case SecretText secret:
                text.Append(secret.Reveal());
                break;
            case string or bool or Enum or int or uint or long:
                text.Append(value.GetType().Name).Append('(').Append(value).Append(')');
                break;
            case IEnumerable items:
                text.Append('[');
                foreach (var item in items)
                {
                    Append(text, item);
                    text.Append(',');
                }

                text.Append(']');
                break;
            default:
                text.Append('{');
                foreach (var property in value.GetType().GetProperties())
                {
                    text.Append(property.Name).Append('=');
                    Append(text, property.GetValue(value));
                    text.Append(';');
                }

                text.Append('}');
                break;
        }
    }
}
