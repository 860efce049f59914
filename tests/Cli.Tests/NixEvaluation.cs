using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text.Json;

namespace VpnConfinement.Cli.Tests;

/// <summary>Runs Nix with a store of its own, as no daemon and no network has to be there for.</summary>
internal static class NixEvaluation
{
    /// <summary>Folder with nixpkgs' own lib, over which the same is evaluated.</summary>
    private const string RealLib = "VPNC_NIXPKGS_LIB";

    private static readonly ConcurrentDictionary<string, Lazy<JsonElement>> Results = new(StringComparer.Ordinal);

    /// <summary>Module systems: that of the tests (an empty text), and nixpkgs' own where it is given.</summary>
    internal static IReadOnlyList<string> Libs { get; } =
        Environment.GetEnvironmentVariable(RealLib) is { Length: > 0 } folder ? ["", folder] : [""];

    private static string File { get; } = Path.Combine(Repository.Root, "tests/nix/evaluate.nix");

    /// <summary>What <c>tests/nix/evaluate.nix</c> says over one of them.</summary>
    internal static JsonElement Over(string lib) => Results.GetOrAdd(lib, _ => new(() => Evaluate(lib))).Value;

    /// <summary>Builds the tree of one of <c>built</c> as a user without rights and network.</summary>
    internal static CliResult Build(TemporaryFolder folder, string name, string package)
    {
        // The user of the build owns what Nix writes, and may enter what it reads.
        foreach (var below in new[] { ".", "nix", "sources" })
        {
            Directory.CreateDirectory(folder.PathOf(below));
            Assert.Equal(0, Run("/bin/chown", "65534:65534", folder.PathOf(below)).Status);
        }

        foreach (var sources in new[] { "nix", "tests/nix" })
        {
            var copy = folder.PathOf("sources/" + sources);
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            Assert.Equal(0, Run("/bin/cp", "-r", Path.Combine(Repository.Root, sources), copy).Status);
        }

        return Run(
            "/usr/bin/unshare",
            [
                "--net", "--", "/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--",
                "/usr/bin/env", "-i", "PATH=/usr/bin:/bin", $"HOME={folder.PathOf("nix")}", $"VPNC_PACKAGE={package}",
                $"TMPDIR={folder.PathOf("nix")}", .. Variables(folder.PathOf("nix")),
                "/usr/bin/nix-build", folder.PathOf("sources/tests/nix/evaluate.nix"), "--argstr", "libFolder", "",
                "-A", "trees." + name, "--no-out-link", "--option", "sandbox", "false",
                "--option", "substitute", "false", "--option", "build-users-group", "",
            ]);
    }

    private static JsonElement Evaluate(string lib)
    {
        using var folder = new TemporaryFolder();
        var result = Run(
            "/usr/bin/env",
            [
                "VPNC_PACKAGE=/opt/vpn-confinement", .. Variables(folder.Root),
                "/usr/bin/nix-instantiate", "--eval", "--strict", "--json", File, "-A", "result",
                "--argstr", "libFolder", lib, "--option", "build-users-group", "",
            ]);
        Assert.True(result.Status == 0, result.Error);
        using var document = JsonDocument.Parse(result.Output);
        return document.RootElement.Clone();
    }

    private static string[] Variables(string folder) =>
        [
            $"NIX_STORE_DIR={folder}/store", $"NIX_STATE_DIR={folder}/state", $"NIX_LOG_DIR={folder}/log",
            $"NIX_CONF_DIR={folder}/conf", "NIX_REMOTE=",
        ];

    private static CliResult Run(string program, params string[] arguments)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        Assert.True(process.WaitForExit(TimeSpan.FromMinutes(2)), $"{program} did not end within two minutes");
        return new CliResult(process.ExitCode, output, error.GetAwaiter().GetResult());
    }
}
