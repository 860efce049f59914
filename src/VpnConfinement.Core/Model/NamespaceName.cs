using System.Diagnostics.CodeAnalysis;

namespace VpnConfinement.Model;

/// <summary>
/// Name of a VPN namespace: 1 to 64 of <c>A-Z a-z 0-9 _ . -</c>, first and last alphanumeric, not <c>init</c>. Safe as a file name, a unit
/// instance (no escaping needed) and an nftables comment. A default value is not a name; only <see cref="TryParse"/> makes one.
/// </summary>
public readonly record struct NamespaceName
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxLength = 64;

    private readonly string? _text;

    private NamespaceName(string text) => _text = text;

    /// <summary>Reads a name; false when it breaks a rule.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out NamespaceName name)
    {
        name = default;
        if (text is null || text.Length is 0 or > MaxLength || text == "init" || !NameRules.IsName(text))
        {
            return false;
        }

        name = new NamespaceName(text);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => _text ?? throw new InvalidOperationException("a namespace name that was never parsed");
}
