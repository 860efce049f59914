using VpnConfinement.Plan;

namespace VpnConfinement.Core.Tests.Plan;

/// <summary>
/// What is left of a namespace that nobody names is found by the list of its files: the list has every one that the
/// compiler writes.
/// </summary>
public sealed class NamespaceFilesTests
{
    [Fact]
    public void All_that_the_compiler_writes_for_a_namespace_is_in_the_list()
    {
        var golden = Path.Combine(TestPaths.Project, "Golden");
        var written = Directory.EnumerateFiles(golden, "*", SearchOption.AllDirectories)
            .Select(file => file[(file.IndexOf("/expected/", StringComparison.Ordinal) + "/expected".Length)..])
            .Where(file => file.StartsWith(StateLayout.NamespaceFolder(""), StringComparison.Ordinal))
            .ToList();
        Assert.NotEmpty(written);
        Assert.All(
            written,
            file => Assert.Contains(
                file, StateLayout.NamespaceFiles(Path.GetFileName(Path.GetDirectoryName(file)!))));
    }
}
