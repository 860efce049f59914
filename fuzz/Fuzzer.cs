using System.Diagnostics;

namespace VpnConfinement.Fuzz;

/// <summary>Mutates a corpus for a bounded time. Nothing but the time depends on the machine: the same seed tries the same texts.</summary>
public sealed class Fuzzer(Target target, string folder, int seed)
{
    private static readonly TimeSpan MostPerInput = TimeSpan.FromSeconds(10);
    private const int MostKept = 2000;
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
        var accepted = new List<string>();
        var kinds = new HashSet<string>(StringComparer.Ordinal);
        var mutator = new Mutator(new Random(seed), target.Words);
        var seeds = corpus.ToList();
        while (Tried < seeds.Count || _sinceStart.Elapsed < time)
        {
            _current = Tried < seeds.Count ? seeds[Tried] : mutator.Mutate(corpus, accepted);
            Interlocked.Exchange(ref _startedAt, _sinceStart.Elapsed.Ticks);
            Tried++;
            try
            {
                var kind = target.Try(_current);
                var isNew = kinds.Add(kind);
                if (kind.StartsWith("accepted", StringComparison.Ordinal))
                {
                    // Most edits of what is refused are refused as well, so what is accepted is kept apart, and more of it.
                    Accepted++;
                    accepted.Add(_current);
                }
                else if (isNew && corpus.Count < MostKept)
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
