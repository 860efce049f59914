using System.Diagnostics;

namespace VpnConfinement.Linux.Apply;

/// <summary>Asks the resolvers of namespaces through their tunnels, all at once, and waits for the answers.</summary>
internal static class ResolverAnswers
{
    private const int Pause = 20; // milliseconds

    /// <summary>Asks and waits.</summary>
    /// <param name="namespaces">Names of applied namespaces.</param>
    /// <param name="patience">How long to wait for all of them together.</param>
    /// <param name="waiting">Takes the questions without an answer, again and again while they are waited for.</param>
    /// <returns>
    /// Whether an answer came, by namespace. A namespace that is down or pins no resolver is not in it.
    /// </returns>
    internal static Dictionary<string, bool> Ask(
        IEnumerable<string> namespaces, TimeSpan patience, Action<IReadOnlyList<ResolverQuestion>> waiting)
    {
        var clock = Stopwatch.StartNew();
        var questions = namespaces.Select(ResolverQuestion.Of).OfType<ResolverQuestion>().ToList();
        try
        {
            while (true)
            {
                questions.ForEach(q => q.Go(clock.Elapsed));
                var open = questions.Where(q => !q.IsDone).ToList();
                if (open.Count == 0 || clock.Elapsed >= patience)
                {
                    return questions.Where(q => q.Servers.Count > 0)
                        .ToDictionary(q => q.Namespace, q => q.IsAnswered, StringComparer.Ordinal);
                }

                waiting(open);
                Thread.Sleep(Pause);
            }
        }
        finally
        {
            questions.ForEach(q => q.Dispose());
        }
    }
}
