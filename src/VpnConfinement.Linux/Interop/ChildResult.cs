namespace VpnConfinement.Linux.Interop;

/// <summary>What became of a program.</summary>
/// <param name="Status">Its exit status, or 128 and the number of the signal that ended it.</param>
/// <param name="Output">What it wrote to its standard output.</param>
/// <param name="Error">What it wrote to its standard error.</param>
internal sealed record ChildResult(int Status, string Output, string Error);
