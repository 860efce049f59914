using VpnConfinement.Cli.Output;
using VpnConfinement.Linux.Files;

namespace VpnConfinement.Cli.Commands;

/// <summary>Whether services may lose their confinement: nobody loses it by accident (S-12).</summary>
internal static class UnconfineConsent
{
    /// <summary>
    /// Does what a command does under the lock of changes. The question is asked without it, so that a change that goes back by itself does not wait for
    /// an answer; after it everything is looked at again, and what it says is good for the services that were named.
    /// </summary>
    /// <param name="allowed">Whether <c>--allow-unconfine</c> was given.</param>
    /// <param name="prepare">Looks; returns the units that would lose their confinement, and what does it.</param>
    internal static int UnderLock(bool allowed, Func<(IReadOnlyList<string> Unconfined, Func<int> Do)> prepare)
    {
        IReadOnlyList<string> agreed = [];
        while (true)
        {
            using (ApplyLock.Take())
            {
                var (unconfined, act) = prepare();
                if (allowed || !unconfined.Except(agreed, StringComparer.Ordinal).Any())
                {
                    return act();
                }

                agreed = unconfined;
            }

            if (!IsGiven(agreed))
            {
                return ExitCodes.ConfigRefused;
            }
        }
    }

    /// <summary>Says which units would lose their confinement, and what to do.</summary>
    internal static int Refuse(string command, IReadOnlyList<string> units)
    {
        var run = $"run 'vpn-confinement {command} --allow-unconfine' if that is what you want; nothing was changed";
        Terminal.Failure(
            $"these services would lose their confinement: {string.Join(", ", units)}",
            command.StartsWith("apply", StringComparison.Ordinal) ? $"put them back into the configuration, or {run}" : run);
        return ExitCodes.ConfigRefused;
    }

    // True where somebody at a terminal answers with "yes".
    private static bool IsGiven(IReadOnlyList<string> units)
    {
        // Both ends: an answer that comes from a pipe is nobody's, and a question that nobody sees is none.
        if (Console.IsInputRedirected || Console.IsErrorRedirected)
        {
            // As it was called: with another configuration or generation it would be another change.
            Refuse(string.Join(' ', Environment.GetCommandLineArgs().Skip(1).Select(a => a.Contains(' ', StringComparison.Ordinal) ? $"\"{a}\"" : a)), units);
            return false;
        }

        Console.Error.WriteLine($"{Terminal.Paint("These services lose their confinement:", "31;1", Terminal.ColourErrors)} {string.Join(", ", units)}");
        Console.Error.WriteLine("They are stopped, and use the host's normal network, without the VPN, as soon as somebody starts them.");
        Console.Error.Write("Type 'yes' to go on: ");
        if (Console.ReadLine() == "yes")
        {
            return true;
        }

        Terminal.Progress("nothing was changed");
        return false;
    }
}
