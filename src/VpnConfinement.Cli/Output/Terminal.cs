using System.ComponentModel;

namespace VpnConfinement.Cli.Output;

/// <summary>Where lines for the user go. Colour only on a terminal and only without NO_COLOR (no-color.org).</summary>
internal static class Terminal
{
    private const int DefaultWidth = 80;
    private const int DefaultHeight = 24;

    /// <summary>Whether standard error may be coloured.</summary>
    internal static bool ColourErrors { get; } = MayColour(Console.IsErrorRedirected);

    /// <summary>Whether standard output may be coloured.</summary>
    internal static bool ColourOutput { get; } = MayColour(Console.IsOutputRedirected);

    /// <summary>Whether the locale is not UTF-8, by the variables in the order of setlocale(3).</summary>
    internal static bool IsAscii { get; } = IsNoUtf8(
        ((string[])["LC_ALL", "LC_CTYPE", "LANG"]).Select(Environment.GetEnvironmentVariable)
            .FirstOrDefault(v => !string.IsNullOrEmpty(v)));

    /// <summary>Whether the terminal cannot move its cursor.</summary>
    internal static bool IsDumb => Environment.GetEnvironmentVariable("TERM") is null or "" or "dumb";

    /// <summary>What standard output can show now: a terminal may have been resized.</summary>
    internal static ScreenStyle Style => new(
        Console.IsOutputRedirected ? null : Console.WindowWidth is > 0 and var width ? width : DefaultWidth,
        ColourOutput, IsAscii);

    /// <summary>Rows of the terminal.</summary>
    internal static int Height => Console.WindowHeight is > 0 and var height ? height : DefaultHeight;

    /// <summary>Whether a name of a locale has no UTF-8; none at all has not.</summary>
    internal static bool IsNoUtf8(string? locale) =>
        locale?.Replace("-", "", StringComparison.Ordinal).Contains("utf8", StringComparison.OrdinalIgnoreCase) != true;

    /// <summary>A line of progress: standard error, so that standard output stays what was asked for.</summary>
    internal static void Progress(string line) => Say(line);

    /// <summary>A line on standard error. Where it cannot be written (a log on a full disk) the work goes on: it may not stop half way for want of a reader.</summary>
    internal static void Say(string line)
    {
        try
        {
            try
            {
                Console.Error.WriteLine(line);
            }
            catch (Win32Exception)
            {
                // The console wants a thread for itself when it is first written to, and there is none to be had.
#pragma warning disable RS0030 // no file: the standard error that this program was given
                File.AppendAllText("/dev/stderr", line + "\n");
#pragma warning restore RS0030
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // There is no other place to tell it; the exit status still does.
        }
    }

    /// <summary>A failure: what, why, and what to do.</summary>
    internal static void Failure(string message, string? remedy)
    {
        Say($"{Paint("error:", "31;1", ColourErrors)} {message}");
        if (remedy is not null)
        {
            Say($"{Paint("help:", "36", ColourErrors)} {remedy}");
        }
    }

    /// <summary>Text in an ANSI colour, or as it is.</summary>
    internal static string Paint(string text, string colour, bool allowed) => allowed ? $"\u001b[{colour}m{text}\u001b[0m" : text;

    private static bool MayColour(bool redirected) =>
        !redirected && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") != "dumb";
}
