using System.Text;

namespace VpnConfinement.Config;

/// <summary>Names as they are written in a path of TOML: bare, or quoted where they have a dot or anything else that a bare key may not have.</summary>
internal static class TomlKey
{
    internal static string Of(string name)
    {
        if (name.Length > 0 && name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_'))
        {
            return name;
        }

        var text = new StringBuilder("\"");
        foreach (var c in name)
        {
            text.Append(c is '"' or '\\' ? $"\\{c}" : $"{c}");
        }

        return text.Append('"').ToString();
    }
}
