namespace VpnConfinement.Config;

/// <summary>One option of one table. An option exists because it is declared: the reader refuses every other name.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Type">What it takes.</param>
/// <param name="Doc">One line on what it means.</param>
public sealed record OptionDeclaration(string Name, OptionType Type, string Doc)
{
    /// <summary>The value that leaving it out stands for, as TOML and JSON both write it; null where there is none or it depends on something.</summary>
    public string? Default { get; init; }

    /// <summary>What leaving it out stands for, in words, where that depends on something.</summary>
    public string? DefaultNote { get; init; }

    /// <summary>A value that shows the form, as TOML and JSON both write it.</summary>
    public string? Example { get; init; }
}
