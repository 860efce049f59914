using System.Text;
using VpnConfinement.Compile.Systemd;
using VpnConfinement.Linux.Interop;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Gate;

/// <summary>
/// What systemd starts in the place of each command of a confined service: it looks from inside, then becomes the program, in the same process and with
/// the same environment (S-27, docs/adr/0012). It is linked statically: no LD_PRELOAD= or LD_AUDIT= of the service gets into it.
/// </summary>
public static class GateProgram
{
    /// <summary>systemd's own exit status of a program that cannot be run (EXIT_EXEC of systemd.exec(5)).</summary>
    private const int CannotRun = 203;

    // The one exit status that fails a condition, instead of skipping the start (systemd.service(5)).
    private const int NotEndedBySignal = 255;

    // Where systemd looks for a program without a path (systemd.exec(5), ExecSearchPath=).
    private const string DefaultSearchPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <summary>Looks, then becomes the program. It comes back only where it may not, or cannot.</summary>
    /// <returns>The exit status.</returns>
    public static int Run()
    {
        string? caller = null;
        try
        {
            var words = ProcessTexts.Read("/proc/self/cmdline");
            var texts = words.Select(Encoding.UTF8.GetString).ToList();
            var end = texts.FindIndex(w => w is GateWords.ProgramFollows or GateWords.NamedProgramFollows);
            if (end < 0 || end + 1 >= words.Count)
            {
                throw new SystemFailure("the start gate was given no program", "run 'systemctl daemon-reload', which has its drop-ins written again");
            }

            var arguments = texts[1..end];
            caller = ValueOf(arguments, GateWords.TellsCaller);
            InsideGate.Check([.. arguments.Where(a => !IsOwn(a))]);
            if (arguments.Contains(GateWords.DefaultPipeSignal))
            {
                ProcessTexts.DefaultPipeSignal();
            }

            var program = texts[end + 1];
            List<byte[]> given = texts[end] == GateWords.NamedProgramFollows ? words[(end + 2)..] : words[(end + 1)..];
            if (caller is not null)
            {
                return CommandProgram.Become(program, given, caller);
            }

            var path = ValueOf(arguments, GateWords.SearchPath);
            var errno = Become(program.Contains('/', StringComparison.Ordinal) ? [program] : InFolders(program, path ?? DefaultSearchPath), given);
            Say(new SystemFailure($"run {program}", errno));
            return CannotRun;
        }
        catch (Exception e) when (e is SystemFailure or IOException or UnauthorizedAccessException)
        {
            Say(e);
        }
        catch (Exception e) // nobody's: whatever it is, nothing is started
        {
            Say(new SystemFailure($"vpn-confinement has a fault: {e}", e));
        }

        if (caller is not null)
        {
            CommandProgram.TellRefusal(caller);
        }

        // The journal asks the kernel whose message it is, and does not find out once this has ended: 'journalctl -u' would not show it.
        Thread.Sleep(100);
        InsideGate.Refuse();
        return NotEndedBySignal;
    }

    private static bool IsOwn(string argument) =>
        argument is GateWords.DefaultPipeSignal
        || argument.StartsWith(GateWords.TellsCaller, StringComparison.Ordinal)
        || argument.StartsWith(GateWords.SearchPath, StringComparison.Ordinal);

    private static string? ValueOf(List<string> arguments, string option) =>
        arguments.Find(a => a.StartsWith(option, StringComparison.Ordinal))?[option.Length..];

    private static List<string> InFolders(string program, string folders) => [.. folders.Split(':').Select(f => $"{f.TrimEnd('/')}/{program}")];

    // Gives the error number of the program that was nearest to being run.
    private static int Become(List<string> places, List<byte[]> arguments)
    {
        var worst = Errno.ENOENT;
        var environment = ProcessTexts.Read("/proc/self/environ");
        foreach (var place in places)
        {
            var errno = ProcessTexts.Execute(place, arguments, environment);
            worst = errno == Errno.ENOENT ? worst : errno;
        }

        return worst;
    }

    // Not by Console, which would set the terminal and signals up.
    internal static void Say(Exception failure)
    {
        var text = $"error: {failure.Message}\n" + (failure is SystemFailure { Remedy: { } remedy } ? $"help: {remedy}\n" : "");
        try
        {
            Kernel.WriteError(Encoding.UTF8.GetBytes(text));
        }
        catch (SystemFailure)
        {
            // There is no other place to tell it; how this ends still does.
        }
    }
}
