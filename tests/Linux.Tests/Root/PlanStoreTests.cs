using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Tests.Root;

[Trait("guarantees", "S-14")]
[Collection("root")]
public sealed class PlanStoreTests : IDisposable
{
    private readonly TestPlan _test = new();

    public void Dispose() => _test.Dispose();

    [Fact]
    public void Plan_and_ruleset_that_belong_together_are_read()
    {
        Write(_test.Stored());
        Assert.Equal(_test.Ruleset, PlanStore.Load(_test.Name).Ruleset);
    }

    [Fact]
    public void Ruleset_of_another_run_is_refused()
    {
        Write(_test.Stored());
        File.AppendAllText(StateLayout.Ruleset(_test.Name), "\n");
        Assert.Contains("is not the one", Failure(_test.Name), StringComparison.Ordinal);
    }

    [Fact]
    public void Plan_of_another_namespace_cut_short_or_missing_is_refused()
    {
        Write(_test.Stored());
        var path = StateLayout.Plan(_test.Name);
        var text = File.ReadAllText(path);
        File.WriteAllText(path, text.Replace($"\"{_test.Name}\"", "\"other\"", StringComparison.Ordinal));
        Assert.Contains("other", Failure(_test.Name), StringComparison.Ordinal);
        File.WriteAllText(path, text[..(text.Length / 2)]);
        Assert.Contains("damaged", Failure(_test.Name), StringComparison.Ordinal);
        File.Delete(path);
        Assert.Contains("has no plan", Failure(_test.Name), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("../x")]
    [InlineData("a/b")]
    [InlineData("-a")]
    [InlineData("a\n")]
    public void What_is_no_name_is_refused(string name) => Assert.Contains("no name", Failure(name), StringComparison.Ordinal);

    private static string Failure(string name) => Assert.Throws<SystemFailure>(() => PlanStore.Load(name)).Message;

    private void Write(StoredPlan stored)
    {
        Directory.CreateDirectory(StateLayout.NamespaceFolder(_test.Name));
        File.WriteAllText(StateLayout.Plan(_test.Name), PlanJson.Write(stored.Plan));
        File.WriteAllText(StateLayout.Ruleset(_test.Name), stored.Ruleset);
    }
}
