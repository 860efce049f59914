using System.Diagnostics;
using System.Runtime.InteropServices;
using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.Lab.Demo;

/// <summary>Shows the scenario line by line.</summary>
internal static class DemoCommand
{
    public static int Run(string binary, bool keep)
    {
        var output = new DemoOutput(Console.Out);
        var clock = Stopwatch.StartNew();
        Laboratory? laboratory = null;
        using var stopped = new ManualResetEventSlim();

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stopped.Set();
            if (!keep || !output.IsWaiting)
            {
                output.Silence();
                laboratory?.Dispose();
                Environment.Exit(ExitCode(context.Signal));
            }
        }

        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);
        try
        {
            output.Heading("A throw-away machine and a world of its own");
            using (laboratory = new Laboratory(binary))
            {
                laboratory.Start();
                output.Line(Outcome.Pass, "A real systemd runs in a container; beside it an internet, a VPN provider, web and DNS servers", $"after {clock.Elapsed.TotalSeconds:0.0} s");
                var sections = keep ? Scenario.Sections.Take(Scenario.Sections.Count - 1) : Scenario.Sections;
                var results = Show(laboratory, sections, output);
                output.Total(results, clock.Elapsed);
                if (keep)
                {
                    output.HowToLookInside(laboratory);
                    stopped.Wait();
                }

                return results.All(result => result.Verdict.Outcome == Outcome.Pass) ? 0 : 1;
            }
        }
        catch (Exception e) when (e is InvalidOperationException or IOException or UnauthorizedAccessException)
        {
            output.Line(Outcome.Fail, "The lab could not be set up", e.Message);
            return 1;
        }
    }

    // As a shell has it: 128 and the signal's number.
    private static int ExitCode(PosixSignal signal) => 128 + signal switch
    {
        PosixSignal.SIGHUP => 1,
        PosixSignal.SIGINT => 2,
        _ => 15,
    };

    private static List<StepResult> Show(Laboratory laboratory, IEnumerable<Section> sections, DemoOutput output)
    {
        var results = new List<StepResult>();
        foreach (var result in Scenario.Run(laboratory, sections))
        {
            if (results.Count == 0 || results[^1].Section != result.Section)
            {
                output.Heading(result.Section.Heading);
            }

            results.Add(result);
            output.Line(result.Verdict.Outcome, result.Step.Title, result.Verdict.Detail);
        }

        return results;
    }
}
