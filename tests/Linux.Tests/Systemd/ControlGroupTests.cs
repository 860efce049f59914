using System.Globalization;
using VpnConfinement.Linux.Systemd;

namespace VpnConfinement.Linux.Tests.Systemd;

/// <summary>A service may make groups and processes in its control group without end; what is read of it has one.</summary>
[Trait("guarantees", "S-34")]
public sealed class ControlGroupTests : IDisposable
{
    private readonly string _top = Directory.CreateTempSubdirectory("group-").FullName;

    public void Dispose() => Directory.Delete(_top, recursive: true);

    [Fact]
    public void All_processes_are_found_where_they_are_few()
    {
        Group("", 3, 1);
        Group("a");
        Group("a/b", 2);
        Group("empty");
        Assert.Equal([1, 2, 3], ControlGroup.ProcessesIn(_top, 4, 4, out var isAll));
        Assert.True(isAll);
        Assert.Empty(ControlGroup.ProcessesIn(_top + "/gone", 4, 4, out isAll));
        Assert.True(isAll);
        Assert.Equal([1, 2, 3], ControlGroup.ProcessesIn(_top));
        Assert.Empty(ControlGroup.ProcessesIn(_top + "/gone"));
    }

    [Fact]
    public void A_group_that_cannot_be_listed_is_not_passed_over()
    {
        Group("", 1);
        Directory.CreateDirectory($"{_top}/shut/cgroup.procs");
        Group("open", 2);
        Assert.Equal([1, 2], ControlGroup.ProcessesIn(_top, 4, 4, out var isAll));
        Assert.False(isAll);
        var failure = Assert.Throws<SystemFailure>(() => ControlGroup.ProcessesIn(_top));
        Assert.Contains($"{_top}/shut", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Groups_are_looked_at_up_to_a_bound_those_at_the_top_first()
    {
        Group("", 1);
        for (var i = 0; i < 50; i++)
        {
            Group($"{i}/below", 1000 + i);
            Group($"{i}", 100 + i);
        }

        var found = ControlGroup.ProcessesIn(_top, 51, 1000, out var isAll);
        Assert.False(isAll);
        Assert.Equal(51, found.Count);
        Assert.DoesNotContain(found, pid => pid >= 1000);
    }

    [Theory]
    [InlineData(10, true)]
    [InlineData(9, false)]
    public void Processes_are_looked_at_up_to_a_bound(int bound, bool all)
    {
        Group("", [.. Enumerable.Range(1, 10)]);
        Assert.Equal(bound, ControlGroup.ProcessesIn(_top, 1, bound, out var isAll).Count);
        Assert.Equal(all, isAll);
    }

    private void Group(string path, params int[] pids)
    {
        Directory.CreateDirectory($"{_top}/{path}");
        File.WriteAllLines($"{_top}/{path}/cgroup.procs", pids.Select(p => p.ToString(CultureInfo.InvariantCulture)));
    }
}
