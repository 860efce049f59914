using System.Diagnostics;

namespace VpnConfinement.Lab.Machines;

/// <summary>
/// Waits for what comes about by itself some time after its cause. The one way to wait in tests: a failure says what
/// was seen last.
/// </summary>
public static class Eventually
{
    private static readonly TimeSpan Patience = LabHost.Patience(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    /// <summary>Looks again and again until what is seen is what is waited for, and gives it.</summary>
    /// <param name="what">What is waited for, as a failure names it.</param>
    /// <param name="look">Looks once. A service or a file that is not there just then counts as not yet.</param>
    /// <param name="isIt">Whether it is what is waited for. An exception of it ends the wait.</param>
    /// <param name="also">What a failure says besides: a journal, a state.</param>
    /// <param name="patience">How long to wait; a minute where nothing is said.</param>
    /// <exception cref="InvalidOperationException">It did not come about in time.</exception>
    public static T See<T>(
        string what, Func<T> look, Func<T, bool> isIt, Func<string>? also = null, TimeSpan? patience = null)
    {
        var clock = Stopwatch.StartNew();
        var last = "";
        while (true)
        {
            if (TryLook(look, out var seen, ref last) && isIt(seen))
            {
                return seen;
            }

            if (clock.Elapsed > (patience ?? Patience))
            {
                var more = also is null ? "" : $"\n{also()}";
                throw new InvalidOperationException(
                    $"not within {(patience ?? Patience).TotalSeconds:0} s: {what}; seen last: {last}{more}");
            }

            Thread.Sleep(Pause);
        }
    }

    /// <summary>The same of what is true or not.</summary>
    public static void Holds(string what, Func<bool> look, Func<string>? also = null, TimeSpan? patience = null) =>
        See(what, look, isTrue => isTrue, also, patience);

    private static bool TryLook<T>(Func<T> look, out T seen, ref string last)
    {
        try
        {
            seen = look();
            last = $"{seen}";
            return true;
        }
        catch (Exception e) when (e is InvalidOperationException or IOException)
        {
            seen = default!;
            last = e.Message;
            return false;
        }
    }
}
