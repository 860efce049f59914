using System.Diagnostics;

namespace VpnConfinement.Fuzz;

/// <summary>Mutates a corpus for a bounded time. Nothing but the time depends on the machine: the same seed tries the same texts.</summary>
public sealed class Fuzzer(Target target, string folder, int seed)
{
    private static readonly TimeSpan MostPerInput = TimeSpan.FromSeconds(10);
    private readonly Stopwatch _sinceStart = new();
    private volatile string _current = "";
    private long _startedAt;

    /// <summary>Texts tried.</summary>
    public int Tried { get; private set; }

    /// <summary>Kinds of outcome seen.</summary>
    public int Kinds { get; private set; }

    /// <summary>Texts that were accepted.</summary>
    public int Accepted { get; private set; }

    /// <summary>Runs; returns what was broken with the text that broke it, or null.</summary>
    public (string What, string Text)? Run(TimeSpan time)
    {
        _sinceStart.Restart();
        (string, string)? broken = null;

        // A stack as small as that of a pool thread on a small system.
        var worker = new Thread(() => broken = Loop(time), 1 << 20) { IsBackground = true };
        worker.Start();
        while (!worker.Join(TimeSpan.FromMilliseconds(200)))
        {
            if (_sinceStart.Elapsed - TimeSpan.FromTicks(Interlocked.Read(ref _startedAt)) > MostPerInput)
            {
                return ($"not done after {MostPerInput.TotalSeconds} s", _current);
            }
        }

        return broken;
    }

    private (string What, string Text)? Loop(TimeSpan time)
    {
        var corpus = Directory.EnumerateFiles(folder).Order(StringComparer.Ordinal).Select(File.ReadAllText).ToList();
        var kinds = new HashSet<string>(StringComparer.Ordinal);
        var mutator = new Mutator(new Random(seed), target.Words);
        for (var i = 0; i < corpus.Count || _sinceStart.Elapsed < time; i++)
        {
            _current = Tried < corpus.Count ? corpus[Tried] : mutator.Mutate(corpus);
            Interlocked.Exchange(ref _startedAt, _sinceStart.Elapsed.Ticks);
            Tried++;
            try
            {
                var kind = target.Try(_current);
                Accepted += kind.Contains("accepted", StringComparison.Ordinal) ? 1 : 0;
                if (kinds.Add(kind) && i >= corpus.Count && corpus.Count < 4000)
                {
                    corpus.Add(_current);
                }
            }
            catch (Violation broken)
            {
                return (broken.Message, _current);
            }
            catch (Exception crash)
            {
                return (crash.ToString(), _current);
            }
        }

        Kinds = kinds.Count;
        return null;
    }
}
