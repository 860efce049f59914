using VpnConfinement.Compile;
using VpnConfinement.Compile.Systemd;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Linux.Apply;

/// <summary>
/// Units, drop-ins, links and state of ours that no manifest names, because it was lost or is an older one. They count as applied: what they confine stays
/// confined until somebody agrees to something else (S-12).
/// </summary>
public static class UnnamedFiles
{
    private const string Ours = "vpn-confinement-";
    private const string Wireguard = "wireguard-";
    private const string Service = ".service";
    private static readonly string[] Prefixes = [Ours, Wireguard];

    /// <summary>Their paths in ordinal order.</summary>
    internal static IReadOnlyList<string> Find(Manifest applied)
    {
        var named = applied.Files.Select(f => f.Path).Concat(new[] { StateLayout.ConfirmTimer, StateLayout.ConfirmUnit }.Select(u => $"{StateLayout.UnitFolder}/{u}")).ToHashSet(StringComparer.Ordinal);
        if (!Directory.Exists(StateLayout.UnitFolder))
        {
            return [];
        }

        var units = Directory.EnumerateFiles(StateLayout.UnitFolder).Where(p => Prefixes.Any(prefix => Path.GetFileName(p).StartsWith(prefix, StringComparison.Ordinal)));
        var dropIns = Directory.EnumerateDirectories(StateLayout.UnitFolder, "*.d").Select(folder => $"{folder}/{ServiceDropIn.FileName}")
            .Concat(Directory.EnumerateDirectories(StateLayout.UnitFolder, "*.target.d").SelectMany(folder => Directory.EnumerateFiles(folder, Ours + "*.conf")));
        return [.. units.Concat(dropIns).Where(p => !named.Contains(p) && IsFile(p) && OwnFiles.IsOurs(p)).Concat(Generator().Concat(DaemonFiles()).Concat(GateLinks()).Concat(StateFiles()).Where(p => !named.Contains(p))).Order(StringComparer.Ordinal)];
    }

    /// <summary>What was applied, with those that a tree does not bring; those that it brings are told from what it writes.</summary>
    /// <exception cref="SystemFailure">One cannot be read.</exception>
    public static Manifest AddTo(Manifest applied, CompiledTree tree)
    {
        var wanted = tree.Files.Select(f => f.Path).ToHashSet(StringComparer.Ordinal);
        var paths = Find(applied).Where(p => !wanted.Contains(p)).ToList();
        var units = paths.Where(IsDropIn).Select(Unit).ToList();
        var files = paths.Select(p => new ManifestFile(p, OwnFiles.Hash(p) ?? ContentHash.Of(""), units.Find(u => u.Path == p).Namespace, units.Find(u => u.Path == p).Unit?.Name)).ToList();
        var namespaces = units.Select(u => new ManifestNamespace(u.Namespace, u.Interface, [u.Unit], []))
            .Concat(paths.Where(IsTunnel).Select(Tunnel)).Concat(paths.Where(IsPublish).Select(Publish)).ToList();
        var keys = !Directory.Exists(StateLayout.SecretFolder) ? [] : Directory.EnumerateFiles(StateLayout.SecretFolder)
            .Where(p => IsFile(p) && !Path.GetFileName(p).StartsWith('.')).Except(tree.Keys.Select(k => k.Path), StringComparer.Ordinal);
        return paths.Count == 0 ? applied : applied.With(files, namespaces) with { Keys = [.. applied.Keys.Union(keys, StringComparer.Ordinal).Order(StringComparer.Ordinal)] };
    }

    // What is no regular file cannot have been made by us.
    private static bool IsFile(string path) => File.Exists(path) && Kernel.Identify(path).IsRegular;

    private static IEnumerable<string> Generator() => IsFile(StateLayout.Generator) && OwnFiles.IsOurs(StateLayout.Generator) ? [StateLayout.Generator] : [];

    private static IEnumerable<string> DaemonFiles() =>
        StateLayout.NetworkDaemonFiles.Where(path => IsFile(path) && OwnFiles.IsOurs(path));

    private static IEnumerable<string> GateLinks() => Directory.EnumerateDirectories(StateLayout.UnitFolder, "*.requires")
        .SelectMany(folder => Directory.EnumerateFiles(folder, Ours + "gate-*")).Where(p => new FileInfo(p).LinkTarget?.StartsWith($"../{Ours}gate-", StringComparison.Ordinal) == true);

    private static IEnumerable<string> StateFiles() =>
        !Directory.Exists(StateLayout.NamespaceFolder("")) ? [] : Directory.EnumerateDirectories(StateLayout.NamespaceFolder("")).Select(f => Path.GetFileName(f)!)
            .SelectMany(StateLayout.NamespaceFiles).Where(IsFile);

    private static bool IsDropIn(string path) => Path.GetFileName(path) == ServiceDropIn.FileName;

    private static bool IsTunnel(string path) => Path.GetFileName(path).StartsWith(Wireguard, StringComparison.Ordinal) && Directives(path).Any(l => l.Contains(" wireguard up ", StringComparison.Ordinal));

    private static bool IsPublish(string path) => Path.GetFileName(path).StartsWith(Ours + "publish-", StringComparison.Ordinal) && path.EndsWith(".socket", StringComparison.Ordinal);

    private static string[] Directives(string path) => RegularFile.ReadText(path).Split('\n');

    // What it says itself: where it confines a unit, and to which tunnel it binds it.
    private static (string Path, string Namespace, string Interface, ManifestUnit Unit) Unit(string path)
    {
        var unit = Path.GetFileName(Path.GetDirectoryName(path)!)[..^".d".Length];
        var lines = Directives(path);
        var ns = Value(lines, "NetworkNamespacePath=" + StateLayout.Netns(""))?.Trim()
            ?? throw new SystemFailure($"{path} was made by vpn-confinement, is in no manifest, and names no namespace", $"delete it if {unit} need not be confined any more");
        return (path, ns, InterfaceOf(ns, lines), new ManifestUnit(unit, UnitName.IsSocketName(unit) ? unit[..^".socket".Length] + Service : null, !lines.Any(l => l.StartsWith("BindsTo=", StringComparison.Ordinal) && l.Contains(" wireguard-", StringComparison.Ordinal))));
    }

    private static ManifestNamespace Tunnel(string path)
    {
        var ns = Directives(path).Select(l => l.Split(" wireguard up ")).First(parts => parts.Length == 2)[1].Trim(' ', '"');
        return new ManifestNamespace(ns, Path.GetFileNameWithoutExtension(path)[Wireguard.Length..], [], []);
    }

    private static ManifestNamespace Publish(string path)
    {
        var name = Path.GetFileName(path);
        var ns = name[(Ours + "publish-").Length..name.LastIndexOf('-')];
        return new ManifestNamespace(ns, InterfaceOf(ns, []), [], [name]);
    }

    private static string? Value(string[] lines, string prefix) => lines.FirstOrDefault(l => l.StartsWith(prefix, StringComparison.Ordinal))?[prefix.Length..];

    // What it comes after says so. A name that is wrong only means that a unit which is not there is not stopped.
    private static string InterfaceOf(string ns, string[] lines) =>
        lines.Where(l => l.StartsWith("After=", StringComparison.Ordinal)).SelectMany(l => l["After=".Length..].Split(' '))
            .Where(u => u.StartsWith(Wireguard, StringComparison.Ordinal) && u.EndsWith(Service, StringComparison.Ordinal))
            .Select(u => u[Wireguard.Length..^Service.Length]).FirstOrDefault() ?? TunnelOf(ns) ?? ns;

    private static string? TunnelOf(string ns) => Directory.EnumerateFiles(StateLayout.UnitFolder, Wireguard + "*" + Service)
        .Where(p => IsFile(p) && OwnFiles.IsOurs(p) && IsTunnel(p)).Select(Tunnel).FirstOrDefault(t => t.Name == ns)?.Interface;
}
