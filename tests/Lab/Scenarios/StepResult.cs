namespace VpnConfinement.Lab.Scenarios;

/// <summary>A step that was done.</summary>
public sealed record StepResult(Section Section, Step Step, Verdict Verdict, TimeSpan Elapsed);
