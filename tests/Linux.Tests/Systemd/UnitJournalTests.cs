using VpnConfinement.Linux.Systemd;

namespace VpnConfinement.Linux.Tests.Systemd;

public sealed class UnitJournalTests
{
    // systemd 262 in a container; the others are a service's own, or say why it failed.
    [Theory]
    [InlineData("a.service: Failed to read pids.max for control group /a, ignoring: No data available", true)]
    [InlineData("a.service: Failed with result 'exit-code'.", false)]
    [InlineData("cannot read the file, ignoring: No data available", false)]
    [InlineData("b.service: Failed to read pids.max for control group /b, ignoring: No data available", false)]
    public void What_systemd_ignored_is_no_reason(string line, bool ignored) =>
        Assert.Equal(ignored, UnitJournal.IsIgnored("a.service", line));
}
