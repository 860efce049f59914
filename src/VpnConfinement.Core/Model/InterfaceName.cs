using System.Diagnostics.CodeAnalysis;

namespace VpnConfinement.Model;

/// <summary>
/// Name of a network interface: 1 to 15 of <c>A-Z a-z 0-9 _ . -</c>, first and last alphanumeric (the kernel's IFNAMSIZ is 16 with its
/// final NUL, linux/if.h). Names the kernel or sysctl treat specially (<c>all</c>, <c>default</c>, <c>lo</c>) are no names for a link of ours.
/// </summary>
public readonly record struct InterfaceName
{
    /// <summary>Longest name, in characters.</summary>
    public const int MaxLength = 15;

    private readonly string? _text;

    private InterfaceName(string text) => _text = text;

    /// <summary>Reads a name; false when it breaks a rule.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out InterfaceName name)
    {
        name = default;
        if (text is null || text.Length is 0 or > MaxLength || text is "all" or "default" or "lo" || !NameRules.IsName(text))
        {
            return false;
        }

        name = new InterfaceName(text);
        return true;
    }

    /// <summary>The name, for those who ask the kernel by it.</summary>
    public static implicit operator string(InterfaceName name) => name.ToString();

    /// <inheritdoc/>
    public override string ToString() => _text ?? throw new InvalidOperationException("an interface name that was never parsed");
}
