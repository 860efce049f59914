using System.Globalization;
using VpnConfinement.Fuzz;

namespace VpnConfinement.Core.Tests;

/// <summary>Every reader on texts near its language, for a bounded time: VPNC_FUZZ_SECONDS for each, 2 without it. The seed is fixed; <c>fuzz/run</c> takes others.</summary>
public sealed class FuzzTests
{
    public static TheoryData<string> Targets => [.. Target.All.Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void No_text_breaks_a_property(string name)
    {
        var seconds = int.TryParse(Environment.GetEnvironmentVariable("VPNC_FUZZ_SECONDS"), NumberStyles.None, CultureInfo.InvariantCulture, out var wanted) ? wanted : 2;
        var fuzzer = new Fuzzer(Target.All.Single(t => t.Name == name), Path.Combine(TestPaths.Project, "../../fuzz/corpus", name), seed: 1);
        var broken = fuzzer.Run(TimeSpan.FromSeconds(seconds));
        Assert.True(broken is null, $"{broken?.What}\nthe text: {broken?.Text}");
        Assert.True(fuzzer.Accepted > 0, "no text was accepted, so nothing that is accepted was looked at");
    }
}
