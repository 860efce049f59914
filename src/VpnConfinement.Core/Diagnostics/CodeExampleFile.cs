namespace VpnConfinement.Diagnostics;

/// <summary>One file of the example of a code.</summary>
/// <param name="Name">Its name or path.</param>
/// <param name="Text">What it holds, ending in a newline.</param>
public sealed record CodeExampleFile(string Name, string Text);
