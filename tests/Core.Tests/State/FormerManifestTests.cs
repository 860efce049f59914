using VpnConfinement.State;

namespace VpnConfinement.Core.Tests.State;

/// <summary>The manifest that the program of commit 2384481 wrote.</summary>
public sealed class FormerManifestTests
{
    [Fact]
    public void Members_that_were_not_written_yet_are_empty()
    {
        var file = Path.Combine(TestPaths.Project, "../state/2384481/var/lib/vpn-confinement/manifest.json");
        var manifest = ManifestJson.Read(File.ReadAllText(file));
        Assert.Empty(manifest.Unstarted);
        Assert.True(manifest.IsWhole);
    }
}
