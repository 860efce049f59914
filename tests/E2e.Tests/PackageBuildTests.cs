using VpnConfinement.Lab.Processes;

namespace VpnConfinement.E2e.Tests;

/// <summary>What <c>packaging/build</c> makes.</summary>
public sealed class PackageBuildTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("vpnc-packages-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("deb")]
    [InlineData("tar")]
    public void The_same_sources_make_the_same_bytes(string kind)
    {
        var packages = new[] { "one", "two" }
            .Select(name => File.ReadAllBytes(Packages.Build(kind, "1.0.0", _folder.CreateSubdirectory(name).FullName)))
            .ToList();
        Assert.Equal(packages[0], packages[1]);
    }

    [Fact]
    public void Debians_own_checks_pass()
    {
        var package = Packages.Build("deb", "1.0.0", _folder.FullName);
        var checks = Command.Run("lintian", "--fail-on", "error,warning", "--allow-root", package);
        Assert.True(checks.Succeeded, checks.Output + checks.Error);
        Assert.Equal("", checks.Output.Trim());
    }
}
