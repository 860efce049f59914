using System.Text;
using VpnConfinement.Compile.Systemd;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Systemd;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Linux.Gate;

/// <summary>
/// Puts the start gate before each command of each confined service (systemd.generator(7)). It runs whenever systemd reads its units, from what lies in
/// the unit folders at that time. A unit that it does not reach has commands without the gate, and the gate from outside refuses its start.
/// </summary>
/// <param name="output">The folder of lowest priority, the third argument that systemd gives a generator.</param>
/// <param name="program">Absolute path of the program that looks from inside.</param>
public sealed class GateGenerator(string output, string program)
{
    private const string Link = "vpn-confinement-gate-";

    private readonly UnitFiles _files = new("/");

    /// <summary>Writes the drop-ins.</summary>
    /// <param name="failed">Told of each unit that could not be done; the others are.</param>
    /// <exception cref="SystemFailure">The folder of units cannot be read.</exception>
    public void Generate(Action<SystemFailure> failed)
    {
        foreach (var (unit, dropIn) in Confined().Concat(WithoutDropIn()))
        {
            try
            {
                var settings = UnitSettings.Read([dropIn()]);
                foreach (var name in UnitName.IsTemplateName(unit) ? [unit, .. _files.InstancesWithFiles(unit)] : (string[])[unit])
                {
                    Write(name, settings, isInstance: name != unit);
                }
            }
            catch (Exception e) when (e is SystemFailure or IOException or UnauthorizedAccessException or ArgumentException)
            {
                failed(new SystemFailure($"{unit} has commands before which the start gate cannot be put: {e.Message}", e));
            }
        }
    }

    private void Write(string name, UnitSettings dropIn, bool isInstance)
    {
        if (Texts(name) is { Count: > 0 } texts && GateDropIn.Compile(dropIn, UnitSettings.Read(texts), isInstance) is { } text)
        {
            var folder = Path.Combine(output, name + ".d");
            AtomicFile.CreateFolder(folder);
            NewFile.Write(
                Path.Combine(folder, FileName(name, isInstance)), Encoding.UTF8.GetBytes(text), AtomicFile.PublicMode);
        }
    }

    // An instance's comes behind its template's as well.
    private string FileName(string name, bool isInstance)
    {
        var last = _files.LastDropInOf(_files.Aliases.RealName(name));
        if (!isInstance)
        {
            return GateDropIn.NameBehind(GateDropIn.FileName, last);
        }

        string?[] before = [last, FileName(UnitName.TemplateOf(name), isInstance: false)];
        return GateDropIn.NameBehind(GateDropIn.InstanceFileName, before.Order(StringComparer.Ordinal).Last());
    }

    // Another generator may be about to write the unit of a script.
    private IReadOnlyList<SourceText>? Texts(string name) =>
        _files.Find(name) is { Count: > 0 } texts ? texts
        : SysvUnit.Find(name, output) is { } script ? [.. script, .. _files.DropInsOf(name)]
        : null;

    private static IEnumerable<(string Unit, Func<SourceText> DropIn)> Confined() =>
        from folder in Directory.EnumerateDirectories(StateLayout.UnitFolder, "*.service.d").Order(StringComparer.Ordinal)
        where File.Exists(Path.Combine(folder, ServiceDropIn.FileName))
        let unit = Path.GetFileName(folder)[..^".d".Length]
        select (unit, (Func<SourceText>)(() => new SourceText(unit, StateFile.Read(ServiceDropIn.PathOf(unit)) ?? "")));

    // A service whose drop-in was deleted while it runs (systemctl revert): it would stop and reload by commands on the host's network. The link to its
    // gate is left, and names its namespace.
    private IEnumerable<(string Unit, Func<SourceText> DropIn)> WithoutDropIn() =>
        from folder in Directory.EnumerateDirectories(StateLayout.UnitFolder, "*.service.requires").Order(StringComparer.Ordinal)
        let unit = Path.GetFileName(folder)[..^".requires".Length]
        where !File.Exists(ServiceDropIn.PathOf(unit))
        from link in Directory.EnumerateFiles(folder, Link + "*")
        let name = Path.GetFileName(link)
        where name.EndsWith($"@{unit}.service", StringComparison.Ordinal)
        let ns = name[Link.Length..^$"@{unit}.service".Length]
        select (unit, (Func<SourceText>)(() => new SourceText(
            unit, $"[{GateWords.Section}]\n{GateWords.Key}={UnitValue.Quote(program)} {ns} %n\n")));
}
