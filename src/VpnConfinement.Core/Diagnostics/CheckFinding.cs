namespace VpnConfinement.Diagnostics;

/// <summary>One finding; line and column are 0 where the whole file is meant.</summary>
public sealed record CheckFinding(string Code, string Severity, string Path, string Message, string Remedy, string File, int Line, int Column);
