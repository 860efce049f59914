using VpnConfinement.Cli.Output;

namespace VpnConfinement.Cli.Commands;

/// <summary>Whether services may lose their confinement: nobody loses it by accident (S-12).</summary>
internal static class UnconfineConsent
{
    /// <summary>True where no service is concerned, the option says so, or somebody at a terminal answers with "yes".</summary>
    /// <param name="command">The command that is run.</param>
    /// <param name="units">The units that would lose their confinement.</param>
    /// <param name="allowed">Whether <c>--allow-unconfine</c> was given.</param>
    internal static bool IsGiven(string command, IReadOnlyList<string> units, bool allowed)
    {
        if (units.Count == 0 || allowed)
        {
            return true;
        }

        var names = string.Join(", ", units);

        // Both ends: an answer that comes from a pipe is nobody's, and a question that nobody sees is none.
        if (Console.IsInputRedirected || Console.IsErrorRedirected)
        {
            Terminal.Failure(
                $"these services would lose their confinement: {names}",
                command == "apply"
                    ? "put them back into the configuration, or run 'vpn-confinement apply --allow-unconfine' if that is what you want; nothing was changed"
                    : $"run 'vpn-confinement {command} --allow-unconfine' if that is what you want; nothing was changed");
            return false;
        }

        Console.Error.WriteLine($"{Terminal.Paint("These services lose their confinement:", "31;1", Terminal.ColourErrors)} {names}");
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
