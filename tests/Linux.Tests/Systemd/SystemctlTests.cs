using VpnConfinement.Linux.Systemd;

namespace VpnConfinement.Linux.Tests.Systemd;

public sealed class SystemctlTests
{
    [Fact]
    public void A_message_about_a_few_units_names_them_all() =>
        Assert.Equal("stop -- a.service b.service", Systemctl.Brief(["stop", "--", "a.service", "b.service"]));

    [Fact]
    public void A_message_about_hundreds_of_units_names_the_first() =>
        Assert.Equal(
            "show -- app0 app1 app2 app3 app4 app5 app6 app7 app8 app9 ... (246 more)",
            Systemctl.Brief(["show", "--", .. Enumerable.Range(0, 256).Select(i => $"app{i}")]));

    // As systemd 262 does it: a call about several units is refused whole.
    [Theory]
    [InlineData("Failed to enqueue jobs: Unit b.service is masked.", "start a.service b.service c.service, start a.service, start b.service, start c.service")]
    [InlineData("Failed to start b.service: Unit b.service is masked.", "start a.service b.service c.service")]
    public void A_unit_that_is_refused_keeps_no_other_from_its_turn(string says, string calls)
    {
        var folder = Directory.CreateTempSubdirectory("systemctl-").FullName;
        try
        {
            var program = Path.Combine(folder, "systemctl");
            File.WriteAllText(program, $"""
                #!/bin/sh
                echo "$@" >>{folder}/calls
                case "$*" in *b.service*) echo "{says}" >&2; exit 1 ;; esac

                """);
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            var failure = Assert.Throws<SystemFailure>(() => new Systemctl(program).Start(["a.service", "b.service", "c.service"]));
            Assert.Contains("masked", failure.Message, StringComparison.Ordinal);
            Assert.Equal(calls, string.Join(", ", File.ReadAllLines($"{folder}/calls")).Replace(" --", "", StringComparison.Ordinal));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    // As a start of what wants the unit does it to a stop.
    [Theory]
    [InlineData(1, "Job for a.service canceled.", true, 2)]
    [InlineData(9, "Job for a.service canceled.", false, 3)]
    [InlineData(9, "Job for a.service failed.", false, 1)]
    public void A_stop_that_gives_way_to_a_start_is_asked_for_again(int failing, string says, bool stops, int calls)
    {
        var folder = Directory.CreateTempSubdirectory("systemctl-").FullName;
        try
        {
            var program = Path.Combine(folder, "systemctl");
            File.WriteAllText(program, $"""
                #!/bin/sh
                echo "$@" >>{folder}/calls
                [ "$(wc -l <{folder}/calls)" -gt {failing} ] || {"{"} echo "{says}" >&2; exit 1; {"}"}

                """);
            File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            var failure = Record.Exception(() => new Systemctl(program).StopThawed(["a.service"]));
            Assert.Equal(stops, failure is null);
            Assert.Equal(calls, File.ReadAllLines($"{folder}/calls").Length);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
