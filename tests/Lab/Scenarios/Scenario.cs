using System.Diagnostics;

namespace VpnConfinement.Lab.Scenarios;

/// <summary>The whole story, in order: what the demo shows and the end-to-end tests assert.</summary>
public static class Scenario
{
    public static IReadOnlyList<Section> Sections { get; } =
    [
        PreparationSteps.Section,
        TunnelSteps.Section,
        ConfinementSteps.Section,
        LossSteps.Section,
        RemovalSteps.Section,
    ];

    public static IEnumerable<string> StepIds => Sections.SelectMany(section => section.Steps).Select(step => step.Id);

    /// <summary>Does the steps one after the other; a failed one does not end the story.</summary>
    public static IEnumerable<StepResult> Run(Laboratory laboratory, IEnumerable<Section> sections)
    {
        foreach (var section in sections)
        {
            foreach (var step in section.Steps)
            {
                var clock = Stopwatch.StartNew();
                yield return new StepResult(section, step, Check(step, laboratory), clock.Elapsed);
            }
        }
    }

    private static Verdict Check(Step step, Laboratory laboratory)
    {
        try
        {
            return step.Check(laboratory);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return Verdict.Inconclusive($"{e.GetType().Name}: {e.Message}");
        }
    }
}
