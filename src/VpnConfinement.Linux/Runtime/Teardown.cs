
namespace VpnConfinement.Linux.Runtime;

/// <summary>Steps of which each is tried, whatever became of the ones before.</summary>
internal sealed class Teardown
{
    private readonly List<Exception> _failures = [];

    /// <summary>Runs a step and keeps its failure.</summary>
    internal void Try(Action step)
    {
        try
        {
            step();
        }
        catch (Exception e) // whatever it was: the steps after it still have to be tried
        {
            _failures.Add(e);
        }
    }

    /// <summary>Throws where a step failed, with all the reasons.</summary>
    internal void Finish(string doing)
    {
        if (_failures.Count > 0)
        {
            throw SystemFailure.Of(doing, _failures);
        }
    }

    /// <summary>Reports what failed, where another failure is on its way already.</summary>
    internal void Report(Action<string> log) => _failures.ForEach(failure => log($"while cleaning up: {failure.Message}"));
}
