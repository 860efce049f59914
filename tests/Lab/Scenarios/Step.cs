namespace VpnConfinement.Lab.Scenarios;

/// <summary>One check of the scenario. The id is stable: tests name it.</summary>
public sealed record Step(string Id, string Title, Func<Laboratory, Verdict> Check);
