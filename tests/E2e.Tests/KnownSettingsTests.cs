using System.Globalization;
using VpnConfinement.Settings;

namespace VpnConfinement.E2e.Tests;

/// <summary>The tables of settings against what the machine's systemd prints of itself (S-35).</summary>
[Trait("guarantees", "S-35")]
public sealed class KnownSettingsTests(BadHostFixture host) : IClassFixture<BadHostFixture>
{
    private const string Dump = "/usr/lib/systemd/systemd --dump-configuration-items 2>/dev/null";

    [Theory]
    [InlineData("Unit")]
    [InlineData("Service")]
    [InlineData("Socket")]
    [InlineData("Install")]
    public void The_table_of_a_section_is_what_systemd_knows(string section)
    {
        var version = int.Parse(Out("systemctl --version").Split(' ')[1], CultureInfo.InvariantCulture);
        var printed = Out(Dump)
            .Split('\n').SkipWhile(l => l != $"[{section}]").Skip(1).TakeWhile(l => !l.StartsWith('['))
            .Where(l => l.Contains('=', StringComparison.Ordinal)).Select(l => l.Split('=')[0]).Distinct();
        Assert.NotEmpty(printed);
        Assert.InRange(version, 249, KnownSettings.Newest);
        var known = KnownSettings.Of(section).Values.Where(s => s.IsOf(version)).Select(s => s.Name);
        Assert.Equal(known.Order(StringComparer.Ordinal), printed.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void What_systemd_shows_of_a_unit_says_whether_its_network_is_delegated() =>
        Assert.Equal(
            Out(Dump).Contains("\nDelegateNamespaces=", StringComparison.Ordinal),
            Out("systemctl show -P DelegateNamespaces systemd-journald.service").Trim().Length > 0);

    private string Out(string line) => host.Shell(line).OrThrow().Output;
}
