using VpnConfinement.Lab.Scenarios;

namespace VpnConfinement.E2e.Tests;

/// <summary>Boots the lab and goes through the scenario once. What keeps it from running fails every test: nothing is skipped.</summary>
public sealed class ScenarioFixture
{
    private const string BinaryVariable = "VPNC_BINARY";

    private readonly Dictionary<string, Verdict> _verdicts = [];

    public ScenarioFixture()
    {
        var binary = Environment.GetEnvironmentVariable(BinaryVariable);
        if (string.IsNullOrEmpty(binary))
        {
            throw new InvalidOperationException($"{BinaryVariable} must name the program under test; ./test sets it.");
        }

        using var laboratory = new Laboratory(binary);
        laboratory.Start();
        foreach (var result in Scenario.Run(laboratory, Scenario.Sections))
        {
            _verdicts.Add(result.Step.Id, result.Verdict);
        }
    }

    public Verdict this[string step] => _verdicts[step];
}
