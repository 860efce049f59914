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
public static class GateGenerator
{
    /// <summary>Writes the drop-ins.</summary>
    /// <param name="output">The folder of lowest priority, the third argument that systemd gives a generator.</param>
    /// <param name="failed">Told of each unit that could not be done; the others are.</param>
    /// <exception cref="SystemFailure">The unit folders cannot be read.</exception>
    public static void Generate(string output, Action<SystemFailure> failed)
    {
        var files = new UnitFiles("/");
        foreach (var unit in Confined())
        {
            foreach (var name in UnitName.IsTemplateName(unit) ? [unit, .. files.InstancesWithFiles(unit)] : (string[])[unit])
            {
                try
                {
                    var dropIn = UnitSettings.Read([new SourceText(unit, StateFile.Read(ServiceDropIn.PathOf(unit)) ?? "")]);
                    Write(output, name, name == unit ? GateDropIn.FileName : GateDropIn.InstanceFileName, dropIn, files);
                }
                catch (Exception e) when (e is SystemFailure or IOException or UnauthorizedAccessException or ArgumentException)
                {
                    failed(new SystemFailure($"{name} has commands before which the start gate cannot be put: {e.Message}", e));
                }
            }
        }
    }

    private static void Write(string output, string name, string fileName, UnitSettings dropIn, UnitFiles files)
    {
        if ((files.Find(name) ?? SysvUnit.Find(name, output)) is { Count: > 0 } texts
            && GateDropIn.Compile(dropIn, UnitSettings.Read(texts)) is { } text)
        {
            var folder = Directory.CreateDirectory(Path.Combine(output, name + ".d"));
            NewFile.Write(Path.Combine(folder.FullName, fileName), Encoding.UTF8.GetBytes(text), AtomicFile.PublicMode);
        }
    }

    private static IEnumerable<string> Confined() =>
        from folder in Directory.EnumerateDirectories(StateLayout.UnitFolder, "*.service.d").Order(StringComparer.Ordinal)
        where File.Exists(Path.Combine(folder, ServiceDropIn.FileName))
        select Path.GetFileName(folder)[..^".d".Length];
}
