namespace VpnConfinement.Config;

/// <summary>A table and what may be written in it.</summary>
/// <param name="Example">TOML that shows it in use, from the top of a file.</param>
/// <param name="Options">Its options.</param>
public sealed record OptionTable(string Example, params IReadOnlyList<OptionDeclaration> Options)
{
    /// <summary>The option of a name, or null.</summary>
    public OptionDeclaration? Find(string name) => Options.FirstOrDefault(o => o.Name == name);
}
