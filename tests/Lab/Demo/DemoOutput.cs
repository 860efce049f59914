using VpnConfinement.Lab.Scenarios;
using VpnConfinement.Lab.Worlds;

namespace VpnConfinement.Lab.Demo;

/// <summary>Writes the demo's lines; colour only on a terminal, and not where NO_COLOR is set.</summary>
internal sealed class DemoOutput(TextWriter writer)
{
    private readonly bool _colour = !Console.IsOutputRedirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));
    private volatile bool _silent;

    /// <summary>Whether everything is done and only waits to be stopped.</summary>
    public bool IsWaiting { get; private set; }

    /// <summary>Nothing more is written: the demo is being ended.</summary>
    public void Silence() => _silent = true;

    public void Heading(string text) => Write($"\n{Paint("1", text)}\n");

    public void Line(Outcome outcome, string title, string detail)
    {
        var mark = outcome switch
        {
            Outcome.Pass => Paint("32", "✓"),
            Outcome.Fail => Paint("31", "✗"),
            Outcome.Inconclusive => Paint("33", "?"),
            _ => throw new ArgumentOutOfRangeException(nameof(outcome)),
        };
        Write($"  {mark} {title}{(detail.Length > 0 ? Paint("2", $"  [{detail}]") : "")}\n");
    }

    public void Total(IReadOnlyCollection<StepResult> results, TimeSpan elapsed)
    {
        var passed = results.Count(result => result.Verdict.Outcome == Outcome.Pass);
        var failed = results.Count(result => result.Verdict.Outcome == Outcome.Fail);
        var unknown = results.Count - passed - failed;
        Write($"\n{passed} of {results.Count} lines hold{(failed > 0 ? $", {failed} do not" : "")}{(unknown > 0 ? $", {unknown} could not be told" : "")}; {elapsed.TotalSeconds:0.0} s.\n");
    }

    public void HowToLookInside(Laboratory laboratory)
    {
        var machine = laboratory.Machine.EnterCommand;
        IsWaiting = true;
        Write($"""

            It is left running. To look inside, as root in another terminal:
              the machine                {machine} /bin/bash
              its services               {machine} systemctl status {laboratory.Downloader.Unit} {Laboratory.TunnelUnit}
              the product's own view     {machine} {Laboratory.Product} status
              inside the namespace       {machine} nsenter --net=/run/netns/{Laboratory.Namespace} /bin/bash
              the internet               nsenter --net={laboratory.World.Internet.Path} /bin/bash
              the uplink, seen from there  nsenter --net={laboratory.World.Internet.Path} tcpdump -ni {World.UplinkPeer}
              the provider               nsenter --net={laboratory.World.ProviderPlace.Path} /bin/bash
            To stop it: Ctrl-C here, or kill {Environment.ProcessId}

            """);
    }

    private string Paint(string code, string text) => _colour ? $"\e[{code}m{text}\e[0m" : text;

    private void Write(string text)
    {
        if (!_silent)
        {
            writer.Write(text);
            writer.Flush();
        }
    }
}
