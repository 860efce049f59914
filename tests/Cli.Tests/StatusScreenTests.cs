using VpnConfinement.Cli.Output;
using VpnConfinement.Health;
using VpnConfinement.Linux.Status;

namespace VpnConfinement.Cli.Tests;

public sealed class StatusScreenTests
{
    public static TheoryData<int, int> Sizes
    {
        get
        {
            var sizes = new TheoryData<int, int>();
            foreach (var width in (int[])[30, 40, 80, 120])
            {
                foreach (var services in (int[])[1, 5, 30, 500])
                {
                    sizes.Add(width, services);
                }
            }

            return sizes;
        }
    }

    [Theory]
    [MemberData(nameof(Sizes))]
    public void No_line_is_wider_than_the_screen_and_nothing_is_lost(int width, int services)
    {
        var rows = Rows(StatusSample.Of(services), isBrief: true);
        var lines = StatusScreen.Lines(rows, new(width, Colour: false, Ascii: false));
        Assert.All(lines, l => Assert.InRange(l.Length, 1, width));

        // Whatever the width, the same words in the same order.
        var wide = string.Concat(StatusScreen.Lines(rows, new(null, Colour: false, Ascii: false)));
        Assert.Equal(Letters(wide), Letters(string.Concat(lines)));
        Assert.Equal("✗ media", lines[0][..7]);
        Assert.StartsWith(
            "✗ service", lines.Select(l => l.TrimStart()).Where(l => l[0] is '✗' or '✓').ElementAt(1),
            StringComparison.Ordinal);
        Assert.InRange(lines.Count, 5, width >= 80 ? 24 : 60);
    }

    [Fact]
    public void A_screen_of_80_columns() => Assert.Equal(
        """
        ✗ media  netns 4026532684, ruleset intact
            ✗ service-with-a-name-5.service  failed: it failed (exit-code) (journalctl
              -u service-with-a-name-5.service)
                | cannot open \u001b[31m/etc/service.conf: No such file or directory,
                | said twice over to be long
            ✓ wg0  endpoint vpn.example:51820 (203.0.113.9:51820), address 10.64.0.2/32,
              latest handshake 12 s ago, received 1.2 GiB (1.4 MiB/s), sent 32.4 MiB
              (12.0 KiB/s)
            ✓ resolver  10.64.0.1; it answers
            ✓ service-with-a-name-1.service  active, 1 process in netns 4026532684
            ✓ service-with-a-name-2.service  active, 1 process in netns 4026532684
            ✓ service-with-a-name-3.service  active, 1 process in netns 4026532684
            ✓ service-with-a-name-4.service  active, 1 process in netns 4026532684
            ✓ vpn-confinement-publish-media-9091.socket  active, 127.0.0.1:8080
              (Stream), to port 9091 in the namespace
            open to this host: 169.254.17.2:9091
            watcher: watching
            refused packets: 12 of IPv6, 7 to other resolvers
        """,
        string.Join('\n', Lines(StatusSample.Of(5), isBrief: true, width: 80)));

    [Fact]
    public void Many_services_that_are_well_share_a_row_and_all_of_them_have_one_when_asked_for()
    {
        var brief = Lines(StatusSample.Of(500), isBrief: true, width: null);
        Assert.Single(
            brief,
            l => l.Contains("✓ 499 services work: service-with-a-name-1.service, ", StringComparison.Ordinal)
                && l.EndsWith(" and 493 more ('vpn-confinement status media' shows each)", StringComparison.Ordinal));
        var whole = Lines(StatusSample.Of(500), isBrief: false, width: null);
        Assert.Equal(brief.Count - 1 + 499, whole.Count);
    }

    [Fact]
    public void Without_utf8_all_of_it_is_ascii()
    {
        var status = StatusSample.Of(5);
        StatusRow[] rows = [.. Rows(status, isBrief: true), new(2, null, "größer", IsQuote: true)];
        var lines = StatusScreen.Lines(rows, new(80, Colour: false, Ascii: true));
        Assert.All(lines, l => Assert.True(System.Text.Ascii.IsValid(l), l));
        Assert.StartsWith("x media", lines[0], StringComparison.Ordinal);
        Assert.Contains(lines, l => l.Contains("+ wg0", StringComparison.Ordinal));
        Assert.EndsWith("| gr??er", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public void Each_state_has_a_mark_of_one_column()
    {
        foreach (var state in Enum.GetValues<HealthState>())
        {
            Assert.Equal(1, HealthText.Mark(state, colour: false, ascii: true).Length);
            Assert.Equal(1, HealthText.Mark(state, colour: false, ascii: false).Length);
        }
    }

    [Fact]
    public void Colour_changes_no_text()
    {
        var rows = Rows(StatusSample.Of(5), isBrief: true);
        var coloured = StatusScreen.Lines(rows, new(80, Colour: true, Ascii: false));
        Assert.Equal(
            StatusScreen.Lines(rows, new(80, Colour: false, Ascii: false)),
            coloured.Select(l => System.Text.RegularExpressions.Regex.Replace(l, "\u001b\\[[0-9;]*m", "").TrimEnd()));
        Assert.Contains(coloured, l => l.Contains("\u001b[31;1m✗\u001b[0m", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(null, true)]
    [InlineData("C", true)]
    [InlineData("de_DE.ISO-8859-1", true)]
    [InlineData("C.UTF-8", false)]
    [InlineData("en_US.utf8", false)]
    public void The_locale_decides(string? locale, bool ascii) => Assert.Equal(ascii, Terminal.IsNoUtf8(locale));

    [Fact]
    public void A_frame_is_cut_to_the_screen_and_clears_nothing_first()
    {
        string[] lines = [.. Enumerable.Range(0, 30).Select(n => $"line {n}")];
        Assert.Equal([.. lines.Take(9), "(21 more lines)"], WatchFrame.Fit(lines, 10));
        Assert.Same(lines, WatchFrame.Fit(lines, 30));
        var frame = WatchFrame.Of(lines, 24);
        Assert.DoesNotContain("\u001b[2J", frame, StringComparison.Ordinal);
        Assert.Equal(24, frame.Split("\u001b[K").Length - 1);
        Assert.False(frame.EndsWith('\n'));
    }

    [Fact]
    public void A_rate_needs_two_looks_at_the_same_tunnel()
    {
        TunnelTraffic At(double seconds, ulong received) => new(
            TimeSpan.FromSeconds(seconds), new Dictionary<string, (ulong, ulong)> { ["media"] = (received, 10) });
        Assert.Equal((50.0, 0.0), At(12, 200).RateSince(At(10, 100), "media"));
        Assert.Null(At(12, 50).RateSince(At(10, 100), "media"));
        Assert.Null(At(10, 200).RateSince(At(10, 100), "media"));
        Assert.Null(At(12, 200).RateSince(At(10, 100), "other"));
    }

    [Theory]
    [InlineData("media", 5)]
    [InlineData("service-with-a-name-5", 1)]
    [InlineData("service-with-a-name-5.service", 1)]
    [InlineData("vpn-confinement-publish-media-9091.socket", 0)]
    public void One_namespace_or_unit_is_selected(string name, int services)
    {
        var selected = StatusSelection.Of(StatusSample.Of(5), name);
        Assert.NotNull(selected);
        Assert.Equal(services, selected.Namespaces[0].Services.Count);
        Assert.Equal(services > 0 ? HealthState.Failed : HealthState.Working, selected.State);
        Assert.Contains(selected.Health, h => h.Kind is HealthKind.Tunnel);
    }

    [Fact]
    public void Nothing_of_another_name_is_selected() => Assert.Null(StatusSelection.Of(StatusSample.Of(5), "medai"));

    private static IReadOnlyList<StatusRow> Rows(HostStatus status, bool isBrief) =>
        [.. new StatusRows(status, StatusSample.Now, _ => (1.4 * 1024 * 1024, 12 * 1024), isBrief).All()];

    private static IReadOnlyList<string> Lines(HostStatus status, bool isBrief, int? width) =>
        StatusScreen.Lines(Rows(status, isBrief), new(width, Colour: false, Ascii: false));

    private static string Letters(string text) => string.Concat(text.Where(c => !char.IsWhiteSpace(c) && c != '|'));
}
