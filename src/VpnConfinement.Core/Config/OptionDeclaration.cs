namespace VpnConfinement.Config;

/// <summary>One option of one table. An option exists because it is declared: the reader refuses every other name.</summary>
/// <param name="Name">Its name in the table.</param>
/// <param name="Type">Its type, as the reference writes it.</param>
/// <param name="Doc">One line on what it means.</param>
public sealed record OptionDeclaration(string Name, string Type, string Doc);
