using VpnConfinement.Compile.Systemd;
using VpnConfinement.Linux.Files;
using VpnConfinement.Model;
using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Linux.Systemd;

/// <summary>
/// The texts that make up a unit, found the way systemd finds them (systemd.unit(5), "Unit File Load Path") below a root folder. The folders are
/// listed once, and each file is read once.
/// </summary>
/// <param name="root">Root folder; <c>/</c> for this host.</param>
/// <remarks>Drop-ins of ours are not part of what a unit itself says, and are passed over.</remarks>
public sealed class UnitFiles(string root)
{
    private readonly string _root = Path.GetFullPath(root);
    private readonly Dictionary<string, SourceText> _texts = new(StringComparer.Ordinal);
    private UnitFolders? _folders;

    /// <summary>The other names of units.</summary>
    /// <exception cref="IOException">A folder could not be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be read.</exception>
    public UnitAliases Aliases => Folders.Aliases;

    /// <summary>Names of all unit files, aliases and templates included; those linked to /dev/null and those linked to nothing left out.</summary>
    /// <exception cref="IOException">A folder could not be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be read.</exception>
    public IEnumerable<string> Names => Folders.Names.Where(n => Fragment(Aliases.RealName(n)) is { } path && Folders.Resolve(path) != UnitFolders.Masked);

    private UnitFolders Folders => _folders ??= new UnitFolders(_root);

    /// <summary>
    /// The fragment and the drop-ins of a unit in the order in which systemd applies them; null when there is no such unit, empty when it is masked.
    /// An instance without a file of its own is found by its template; the drop-ins of a unit's aliases are its drop-ins too.
    /// </summary>
    /// <exception cref="IOException">A file could not be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    public IReadOnlyList<SourceText>? Find(string unit)
    {
        var name = Aliases.RealName(unit);
        if (Fragment(name) is not { } fragment)
        {
            return null;
        }

        if (Read(fragment) is not { Content.Length: > 0 } text)
        {
            return [];
        }

        return [text, .. DropInsOf(name)];
    }

    /// <summary>The drop-ins of a unit, by its own name, in the order in which systemd applies them.</summary>
    /// <exception cref="IOException">A file could not be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A file may not be read.</exception>
    internal IEnumerable<SourceText> DropInsOf(string name) => DropIns([name, .. Aliases.Of(name)]).Select(Read);

    /// <summary>The file name of the drop-in of a unit that comes last, ours left out; null where it has none.</summary>
    /// <exception cref="IOException">A folder could not be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be read.</exception>
    internal string? LastDropInOf(string name) =>
        DropIns([name, .. Aliases.Of(name)]).Select(p => Path.GetFileName(p)).Order(StringComparer.Ordinal).LastOrDefault();

    /// <summary>Where the unit file lies that systemd would load, or null when there is none.</summary>
    /// <exception cref="IOException">A folder could not be read.</exception>
    /// <exception cref="UnauthorizedAccessException">A folder may not be read.</exception>
    public string? Fragment(string unit)
    {
        var path = Folders.Fragment(unit) ?? Folders.Fragment(UnitName.TemplateOf(unit));
        // A link to nothing is no unit; nor does systemd look further.
        return path is null || (Folders.Resolve(path) is var real && real != UnitFolders.Masked && !File.Exists(real)) ? null : path;
    }

    /// <summary>Every file of that very name in the search path, the one that counts first.</summary>
    public IReadOnlyList<string> Places(string unit) => [.. UnitFolders.SearchPath.Select(p => Path.Combine(_root, p, unit)).Where(p => File.Exists(p) || new FileInfo(p).LinkTarget is not null)];

    /// <summary>Instances of a template that have a file or a drop-in of their own, which may say otherwise than the template.</summary>
    public IReadOnlyList<string> InstancesWithFiles(string template) =>
    [
        .. Folders.Names.Concat(Folders.DropInNames.Select(n => n[..^2]))
            .Where(n => n != template && UnitName.TemplateOf(n) == template)
            .Distinct().Order(StringComparer.Ordinal),
    ];

    // A drop-in of a higher folder hides one of the same file name in a lower folder, and those of the whole type come last; what is left applies in the order of file names.
    private SortedDictionary<string, string>.ValueCollection DropIns(IReadOnlyList<string> names)
    {
        var found = new SortedDictionary<string, string>(StringComparer.Ordinal);
        var ofItsType = names[0][(names[0].LastIndexOf('.') + 1)..] + ".d";
        foreach (var folder in names.SelectMany(n => Folders.DropIns(DropInFolderNames(n))).Concat(Folders.DropIns([ofItsType])).Distinct())
        {
            foreach (var file in Directory.EnumerateFiles(folder, "*.conf"))
            {
                var name = Path.GetFileName(file);
                if (!(name == ServiceDropIn.FileName || GateDropIn.IsGenerated(name)) && !name.StartsWith('.'))
                {
                    found.TryAdd(name, file);
                }
            }
        }

        return found.Values;
    }

    // foo-bar@x.service reads foo-bar@x.service.d, its template's foo-bar@.service.d, and both again with the name cut after each dash (systemd.unit(5)).
    private static IEnumerable<string> DropInFolderNames(string unit)
    {
        var instance = UnitName.InstanceOf(unit);
        var suffix = unit[unit.LastIndexOf('.')..];
        var prefix = instance is null ? unit[..^suffix.Length] : unit[..unit.IndexOf('@', StringComparison.Ordinal)];
        for (var end = prefix.Length; end > 0; end = end < 2 ? 0 : prefix.LastIndexOf('-', end - 2) + 1)
        {
            yield return prefix[..end] + (instance is null ? "" : "@" + instance) + suffix + ".d";
            if (instance is { Length: > 0 })
            {
                yield return prefix[..end] + "@" + suffix + ".d";
            }
        }
    }

    private SourceText Read(string path)
    {
        var real = Folders.Resolve(path);
        if (!_texts.TryGetValue(path, out var text))
        {
            text = new SourceText(path, real == UnitFolders.Masked ? "" : ReadResolved(real));
            _texts[path] = text;
        }

        return text;
    }

    // Its links were followed below the root; one that is there by now would be followed on this machine.
    private static string ReadResolved(string path)
    {
        using var file = RegularFile.OpenResolved(path);
        return file.ReadText(RegularFile.MostText);
    }
}
