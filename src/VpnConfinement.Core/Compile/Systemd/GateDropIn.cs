using System.Text;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Compile.Systemd;

/// <summary>
/// The drop-in that puts the look from inside before each command of a confined service (S-27, docs/adr/0012). A generator writes it whenever systemd
/// reads its units, from what the unit says at that time, so it never goes stale. The command line that systemd then runs is
/// <c>GATE NAMESPACE UNIT PINS -- PROGRAM ARGUMENTS</c>: the gate becomes the program by execve(2), or ends.
/// </summary>
public static class GateDropIn
{
    /// <summary>File name of the drop-in. It sorts after <see cref="ServiceDropIn.FileName"/>, so that it repeats what all others say.</summary>
    public const string FileName = "zzzzz-vpn-confinement-gate.conf";

    /// <summary>The same for an instance that says more than its template. It sorts after <see cref="FileName"/>, the template's.</summary>
    public const string InstanceFileName = "zzzzz-vpn-confinement-instance.conf";

    // systemd does not show this setting of a unit. '+' before the commands says the same, and is shown (systemd.service(5)).
    private const string StartOnly = "PermissionsStartOnly";

    // No pin that the look knows, so it refuses; nor a command that begins with the look, so the gate outside does.
    private const string NotRepeated = "--not-repeated";

    // Run without a start, for which the gate from outside would have been asked.
    private static readonly string[] UnaskedKeys = ["ExecReload", "ExecReloadPost", "ExecStop", "ExecStopPost"];

    private const string Note = " whenever systemd reads its units: the start gate looks from inside before each command.";

    // The last printable character: what it follows in a name is sorted before.
    private const char Behind = '~';

    // Bytes of a file name: NAME_MAX (linux/limits.h).
    private const int LongestName = 255;

    private static readonly string[] FileNames = [FileName, InstanceFileName];

    /// <summary>Whether a drop-in's name is a generated one's: those are not part of what a unit itself says.</summary>
    public static bool IsGenerated(string name) =>
        FileNames.Any(f => name == f || name.EndsWith(Behind + f, StringComparison.Ordinal));

    /// <summary>
    /// The name under which a drop-in is generated, so that none that is there sorts after it: systemd runs the commands
    /// of a stop and a reload without asking the gate from outside, and one behind it could add some without the look.
    /// </summary>
    /// <param name="usual"><see cref="FileName"/> or <see cref="InstanceFileName"/>.</param>
    /// <param name="last">The name of the unit's drop-in that comes last; null where it has none.</param>
    public static string NameBehind(string usual, string? last)
    {
        if (last is null || string.CompareOrdinal(last, usual) < 0)
        {
            return usual;
        }

        // A long one is cut before a character that sorts before the one that follows now.
        var stem = Path.GetFileNameWithoutExtension(last);
        var room = LongestName - usual.Length - 1;
        var kept = stem.Length;
        while (kept > 0 && (Encoding.UTF8.GetByteCount(stem.AsSpan(0, kept)) > room
            || (kept < stem.Length && stem[kept] >= Behind)))
        {
            kept--;
        }

        return stem[..kept] + Behind + usual;
    }

    /// <summary>The generator: a script, so that the program's path stands in one file of the tree.</summary>
    internal static GeneratedFile Generator(string binary) => new(
        StateLayout.Generator,
        $"#!/bin/sh\n{OwnHeader.Text}{GeneratedUnits.HeaderNote}\nexec {ShellWord(binary)} generate \"$3\"\n",
        null,
        null);

    /// <summary>The text of a unit's drop-in; null where the unit has no command.</summary>
    /// <param name="dropIn">The unit's drop-in as it was applied.</param>
    /// <param name="settings">What the unit itself says, without drop-ins of ours.</param>
    /// <param name="isInstance">
    /// Whether it is an instance that says more than its template: what it lacks, its template's drop-in may not bring back.
    /// </param>
    /// <remarks>
    /// A key with a command that cannot be repeated is left as it is: the gate from outside refuses such a unit and names
    /// the command. Where systemd does not ask that gate, the look refuses in the command's place.
    /// </remarks>
    public static string? Compile(UnitSettings dropIn, UnitSettings settings, bool isInstance = false)
    {
        if (dropIn.Last(GateWords.Section, GateWords.Key) is not { } gate)
        {
            return null;
        }

        var unit = new UnitFileWriter(OwnHeader.Text + Note);
        unit.Section("Service");
        var any = false;
        foreach (var key in UnitCommand.Keys)
        {
            var values = settings.All("Service", key);
            if (values.Count == 0)
            {
                // systemd passes over a key that it does not know (ExecReloadPost= before 262).
                if (isInstance)
                {
                    unit.Add(key, "");
                }

                continue;
            }

            if (Lines(gate, key, values, settings) is not { Count: > 0 } lines)
            {
                if (!UnaskedKeys.Contains(key, StringComparer.Ordinal))
                {
                    continue;
                }

                lines = [$"{gate} {NotRepeated} {GateWords.ProgramFollows} /bin/false"];
            }

            any = true;
            unit.Add(key, "");
            foreach (var line in lines)
            {
                unit.Add(key, line);
            }
        }

        if (any && settings.IsOn("Service", StartOnly))
        {
            unit.Add(StartOnly, "no");
        }

        if (any && Identifier(settings) is { } identifier)
        {
            unit.Add("SyslogIdentifier", UnitValue.WithSpecifiers(identifier));
        }

        return any ? unit.ToString() : null;
    }

    // Without one systemd takes the name of the program that it starts, and that is the gate's.
    private static string? Identifier(UnitSettings settings) =>
        string.IsNullOrEmpty(settings.Last("Service", "SyslogIdentifier"))
            && settings.All("Service", "ExecStart").SelectMany(UnitCommand.Read).FirstOrDefault() is { Program: { Length: > 0 } program }
            ? program[(program.LastIndexOf('/') + 1)..]
            : null;

    // Outside the service's sandbox there is nothing but the network namespace to look at.
    private static bool IsPrivileged(CommandPrefixes prefixes, string key, UnitSettings settings) =>
        prefixes.IsPrivileged || (key != "ExecStart" && settings.IsOn("Service", StartOnly));

    private static List<string>? Lines(string gate, string key, IReadOnlyList<string> values, UnitSettings settings)
    {
        var lines = new List<string>();
        foreach (var command in values.SelectMany(UnitCommand.Read))
        {
            // A script is a shell's, which would run before any look.
            if (command.Prefixes.IsScript || command.Program.Length == 0)
            {
                return null;
            }

            lines.Add(Line(gate, key, command, settings));
        }

        return lines;
    }

    private static string Line(string gate, string key, WrittenCommand command, UnitSettings settings)
    {
        var words = UnitWords.Read(gate).Select(w => w.Written);
        var prefixes = command.Prefixes.WithoutName;
        if (IsPrivileged(prefixes, key, settings))
        {
            words = words.Take(3);
            prefixes = prefixes.Privileged;
        }

        if (settings.All("Service", "ExecSearchPath") is { Count: > 0 } folders && !command.Program.StartsWith('/'))
        {
            words = words.Append(UnitValue.WithSpecifiers(GateWords.SearchPath + string.Join(':', folders)));
        }

        if (settings.IsOff("Service", "IgnoreSIGPIPE"))
        {
            words = words.Append(GateWords.DefaultPipeSignal);
        }

        // The path of a program has specifiers and no variables; as an argument it would have both.
        var program = UnitValue.WithSpecifiers(
            prefixes.KeepsVariables ? command.Program : command.Program.Replace("$", "$$", StringComparison.Ordinal));
        var follows = command.Prefixes.HasName ? GateWords.NamedProgramFollows : GateWords.ProgramFollows;
        words = words.Append(follows).Append(program).Concat(command.Arguments.Select(OnOneLine));
        return $"{prefixes}{string.Join(' ', words)}";
    }

    // A tab or an escaped line end inside quotes: the same word in other writing.
    private static string OnOneLine(UnitWord word) => word.Written.Any(char.IsControl) || word.Written.EndsWith('\\') ? UnitValue.Escaped(word.Text) : word.Written;

    private static string ShellWord(string text) => "'" + text.Replace("'", "'\\''", StringComparison.Ordinal) + "'";
}
