using System.Text.Json;

namespace VpnConfinement.Cli.Tests;

/// <summary>
/// The module of NixOS says what the same configuration in TOML says: over the module system of these tests, and over
/// nixpkgs' own where VPNC_NIXPKGS_LIB names the folder of its lib.
/// </summary>
public sealed class NixModuleTests
{
    private const string Fetcher = "[Unit]\n[Service]\nDynamicUser=yes\nExecStart=/usr/bin/fetcher\n";

    private const string Vendor = "[Service]\nUser=vendor\nExecStart=/usr/bin/vendor\n";

    private static readonly string[] Parts = ["code", "severity", "path", "message", "remedy"];

    public static TheoryData<string, string> Compared => Cases("compared");

    public static TheoryData<string, string> Refused => Cases("refused");

    public static TheoryData<string, string> Thrown => Cases("thrown");

    public static TheoryData<string> Libs => [.. NixEvaluation.Libs];

    /// <summary>The interface that the module implements, with its types and defaults.</summary>
    public static TheoryData<string, string, string, string> Interface
    {
        get
        {
            var data = new TheoryData<string, string, string, string>();
            foreach (var lib in NixEvaluation.Libs)
            {
                foreach (var (name, type, value) in NixInterface.Options)
                {
                    data.Add(lib, name, type, value);
                }
            }

            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Interface))]
    public void An_option_is_declared_with_its_type_and_default(string lib, string name, string type, string value)
    {
        var option = Assert.Single(Of(lib, "options").EnumerateArray(), o => Text(o, "name") == name);
        Assert.Equal(type, Text(option, "type"));
        Assert.Equal(value, Text(option, "default"));
        Assert.Equal(NixInterface.IsReadOnly(name), option.GetProperty("readOnly").GetBoolean());
    }

    [Fact]
    public void Each_option_is_set_in_a_case()
    {
        var names = Of("", "compared").EnumerateObject().Select(c => c.Name.Split(": ")[0]).ToHashSet();
        var settable = NixInterface.Options.Select(o => o.Name)
            .Where(o => !NixInterface.IsReadOnly(o) && !NixInterface.IsWhole(o));
        Assert.All(settable, option => Assert.Contains(option, names));
    }

    [Theory]
    [MemberData(nameof(Compared))]
    public void Check_and_build_say_the_same_of_it_in_nix_and_in_toml(string lib, string name)
    {
        var one = Of(lib, "compared").GetProperty(name);
        using var folder = new TemporaryFolder();
        foreach (var unit in one.GetProperty("units").EnumerateObject())
        {
            folder.Write("root/etc/systemd/system/" + unit.Name, unit.Value.GetString()!);
        }

        Assert.Empty(one.GetProperty("refusals").EnumerateArray());
        var json = folder.Write("config.json", one.GetProperty("document").GetRawText());
        var toml = folder.Write("config.toml", Text(one, "toml"));
        Assert.Equal(Findings(toml, folder), Findings(json, folder));
        var trees = new[] { toml, json }.Select(config => Tree(config, folder)).ToList();
        Assert.Equal(trees[0], trees[1]);
    }

    [Theory]
    [MemberData(nameof(Refused))]
    public void What_has_no_meaning_here_is_refused_by_name(string lib, string name)
    {
        var one = Of(lib, "refused").GetProperty(name);
        var message = Assert.Single(one.GetProperty("refusals").EnumerateArray()).GetString()!;
        Assert.StartsWith(Text(one, "option") + ": ", message, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Thrown))]
    public void What_no_option_takes_is_refused_by_nix(string lib, string name) =>
        Assert.True(Of(lib, "thrown").GetProperty(name).GetBoolean());

    [Theory]
    [MemberData(nameof(Libs))]
    public void Not_enabled_it_leaves_the_system_alone(string lib)
    {
        var one = Of(lib, "disabled");
        Assert.Empty(one.GetProperty("packages").EnumerateArray());
        Assert.True(one.GetProperty("units").TryGetProperty("wireguard-wg0.service", out _));
    }

    [Theory]
    [MemberData(nameof(Libs))]
    public void NixOS_makes_no_unit_of_a_confined_interface(string lib)
    {
        var one = Of(lib, "mixed");
        Assert.False(one.GetProperty("units").TryGetProperty("wireguard-wg0.service", out _));
        Assert.True(one.GetProperty("units").TryGetProperty("wireguard-wg9.service", out _));
        var interfaces = one.GetProperty("document").GetProperty("wireguard").GetProperty("interfaces");
        Assert.Equal("wg0", Assert.Single(interfaces.EnumerateObject()).Name);
    }

    [Theory]
    [MemberData(nameof(Libs))]
    public void The_host_link_is_the_same_for_names_of_every_length(string lib)
    {
        var one = Of(lib, "named");
        using var folder = new TemporaryFolder();
        var config = folder.Write("config.json", one.GetProperty("document").GetRawText());
        var shown = Cli.Run("show", "--json", "--config", config, "--root", folder.Root);
        Assert.True(shown.Status == 0, shown.Error);
        using var document = JsonDocument.Parse(shown.Output);
        var namespaces = document.RootElement.GetProperty("namespaces");
        var derived = one.GetProperty("derived").EnumerateObject().ToList();
        Assert.Equal(Enumerable.Range(1, 64), derived.Select(n => n.Name.Length).Distinct().Order());
        Assert.All(derived, link =>
        {
            var theirs = namespaces.GetProperty(link.Name).GetProperty("derived").GetProperty("hostLink");
            Assert.All(link.Value.EnumerateObject(), v => Assert.Equal(Text(theirs, v.Name), v.Value.GetString()));
        });
    }

    [Fact]
    public void A_derivation_builds_the_tree_without_rights_and_network()
    {
        using var folder = new TemporaryFolder();
        var package = Package(folder);
        var built = NixEvaluation.Build(folder, "good", package);
        Assert.True(built.Status == 0, built.Error);
        Assert.DoesNotContain("VPC108", built.Error, StringComparison.Ordinal);
        var tree = built.Output.Trim();
        var units = Path.Combine(tree, "etc/systemd/system");
        var program = package + "/bin/vpn-confinement";
        Assert.True(File.Exists(Path.Combine(units, "vendor.service.d/zzzz-vpn-confinement.conf")));
        Assert.True(File.Exists(Path.Combine(units, "fetcher.service.d/zzzz-vpn-confinement.conf")));
        var starts = File.ReadAllLines(Path.Combine(units, "wireguard-wg0.service"))
            .Where(l => l.StartsWith("ExecStart=", StringComparison.Ordinal));
        Assert.Contains(program, Assert.Single(starts), StringComparison.Ordinal);
        Assert.Contains(
            "ExecStart=/usr/lib/systemd/systemd-socket-proxyd ",
            File.ReadAllText(Path.Combine(units, "vpn-confinement-publish-media-80.service")),
            StringComparison.Ordinal);

        // What 'build' itself makes of it, with the vendor's unit where it lies on other systems.
        var root = folder.PathOf("root");
        folder.Write("root/usr/lib/systemd/system/vendor.service", Vendor);
        folder.Write("root/etc/systemd/system/vendor.service.d/overrides.conf", "[Unit]\n[Service]\n");
        folder.Write("root/etc/systemd/system/fetcher.service", Fetcher);
        var config = folder.Write(
            "config.toml",
            Text(Of("", "compared").GetProperty("services.vpnConfinement.enable"), "toml")
                + "services.vendor.vpn.namespace = \"media\"\n"
                + "namespaces.media.publish = [{ listen = \"127.0.0.1:8080\", to = 80 }]\n");
        var copy = folder.PathOf("direct");
        var direct = Cli.Run("build", "--config", config, "--root", root, "--out", copy, "--binary", program);
        Assert.True(direct.Status == 0, direct.Error);
        Assert.Equal(FilesBelow(copy), FilesBelow(tree));
    }

    [Fact]
    public void A_file_of_a_provider_without_keys_is_read_from_the_store()
    {
        using var folder = new TemporaryFolder();
        var built = NixEvaluation.Build(folder, "configFile", Package(folder));
        Assert.True(built.Status == 0, built.Error);
        Assert.DoesNotContain("VPC109", built.Error, StringComparison.Ordinal);
        var file = Path.Combine(built.Output.Trim(), "var/lib/vpn-confinement/namespaces/media/plan.json");
        var plan = File.ReadAllText(file);
        Assert.Contains("198.51.100.7:51820", plan, StringComparison.Ordinal);
        Assert.Contains("/run/keys/wg0", plan, StringComparison.Ordinal);
    }

    [Fact]
    public void A_refusal_fails_the_build_with_its_code_and_remedy()
    {
        using var folder = new TemporaryFolder();
        var built = NixEvaluation.Build(folder, "bad", Package(folder));
        Assert.NotEqual(0, built.Status);
        Assert.Contains("VPC021", built.Error, StringComparison.Ordinal);
        Assert.Contains("Write a literal address, as 10.64.0.1.", built.Error, StringComparison.Ordinal);
        Assert.Contains(
            "option: services.vpnConfinement.namespaces.media.dns.servers\n", built.Error, StringComparison.Ordinal);
    }

    private static string Package(TemporaryFolder folder)
    {
        Directory.CreateDirectory(folder.PathOf("package/bin"));
        var copy = folder.PathOf("package/bin/vpn-confinement");
        File.Copy(Cli.Binary, copy);
        File.SetUnixFileMode(copy, (UnixFileMode)0x1ed); // 0755
        return folder.PathOf("package");
    }

    private static TheoryData<string, string> Cases(string kind)
    {
        var data = new TheoryData<string, string>();
        foreach (var lib in NixEvaluation.Libs)
        {
            foreach (var one in Of(lib, kind).EnumerateObject())
            {
                data.Add(lib, one.Name);
            }
        }

        return data;
    }

    private static JsonElement Of(string lib, string kind) => NixEvaluation.Over(lib).GetProperty(kind);

    private static string Text(JsonElement value, string name) => value.GetProperty(name).GetString()!;

    // Without places: they are another file's.
    private static List<string> Findings(string config, TemporaryFolder folder)
    {
        var checkedText = Cli.Run("check", "--json", "--config", config, "--root", folder.PathOf("root")).Output;
        using var document = JsonDocument.Parse(checkedText);
        return
        [
            document.RootElement.GetProperty("ok").GetRawText(),
            .. document.RootElement.GetProperty("diagnostics").EnumerateArray()
                .Select(d => string.Join(' ', Parts.Select(n => Text(d, n))))
                .Order(StringComparer.Ordinal),
        ];
    }

    private static List<string> Tree(string config, TemporaryFolder folder)
    {
        var built = folder.PathOf(Path.GetExtension(config));
        var status = Cli.Run("build", "--config", config, "--root", folder.PathOf("root"), "--out", built).Status;
        return [$"status {status}", .. Directory.Exists(built) ? FilesBelow(built) : []];
    }

    private static List<string> FilesBelow(string folder) =>
        [
            .. Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
                .Select(f => $"{f[folder.Length..]}\n{new FileInfo(f).LinkTarget ?? File.ReadAllText(f)}"),
        ];
}
