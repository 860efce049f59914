using System.Text.Json;

namespace VpnConfinement.Cli.Tests;

/// <summary>The packages that the Nix build restores are those of the lock files (<c>nix/update-deps</c>).</summary>
public sealed class NixPackageTests
{
    [Fact]
    public void Its_list_of_packages_is_that_of_the_lock_files()
    {
        var locked = Directory.EnumerateDirectories(Path.Combine(Repository.Root, "src"))
            .Select(project => Path.Combine(project, "packages.lock.json")).Where(File.Exists)
            .SelectMany(Packages).Distinct().Order(StringComparer.Ordinal);
        using var list = JsonDocument.Parse(File.ReadAllText(Path.Combine(Repository.Root, "nix/deps.json")));
        var entries = list.RootElement.EnumerateArray().ToList();
        Assert.Equal(
            locked,
            entries.Select(e => $"{e.GetProperty("pname")} {e.GetProperty("version")}").Order(StringComparer.Ordinal));
        Assert.All(entries, e => Assert.Matches("^sha256-[A-Za-z0-9+/]{43}=$", e.GetProperty("hash").GetString()!));
    }

    private static List<string> Packages(string file)
    {
        using var text = JsonDocument.Parse(File.ReadAllText(file));
        return
        [
            .. text.RootElement.GetProperty("dependencies").EnumerateObject().SelectMany(f => f.Value.EnumerateObject())
                .Where(p => p.Value.GetProperty("type").GetString() != "Project")
                .Select(p => $"{p.Name} {p.Value.GetProperty("resolved").GetString()}"),
        ];
    }
}
