namespace VpnConfinement.Validation;

/// <summary>Domain names in ASCII (RFC 1035, section 2.3.1, with digits first and underscores as they are used).</summary>
internal static class DomainName
{
    private const int MaxLength = 253;
    private const int MaxLabel = 63;

    internal static bool IsValid(string text)
    {
        var name = text.EndsWith('.') ? text[..^1] : text;
        return name.Length is > 0 and <= MaxLength && name.Split('.').All(IsLabel);
    }

    private static bool IsLabel(string label) =>
        label.Length is > 0 and <= MaxLabel && label[0] != '-' && label[^1] != '-' && label.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_');
}
