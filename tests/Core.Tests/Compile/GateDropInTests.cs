using System.Text;
using VpnConfinement.Compile.Systemd;
using VpnConfinement.State;

namespace VpnConfinement.Core.Tests.Compile;

/// <summary>What the generator makes of a unit's commands: the same commands, each behind the look from inside (S-27).</summary>
[Trait("guarantees", "S-27")]
public sealed class GateDropInTests
{
    private const string DropIn = "[Service]\nNetworkNamespacePath=/run/netns/media\n[X-VpnConfinement]\nGate=/usr/bin/vpn-confinement-gate media %n --private-run\n";
    private const string Gate = "/usr/bin/vpn-confinement-gate media %n --private-run";

    [Theory]
    [InlineData("/bin/a", Gate + " -- /bin/a")]
    [InlineData("-/bin/a x %i $Y ${Z}", "-" + Gate + " -- /bin/a x %i $Y ${Z}")]
    [InlineData("@/bin/a name x", Gate + " --named /bin/a name x")]
    [InlineData("-@:/bin/a name x", "-:" + Gate + " --named /bin/a name x")]
    [InlineData("/bin/a$b $c", Gate + " -- /bin/a$$b $c")]
    [InlineData(":/bin/a$b $c", ":" + Gate + " -- /bin/a$b $c")]
    [InlineData("+/bin/a x", "+/usr/bin/vpn-confinement-gate media %n -- /bin/a x")]
    [InlineData("!!/bin/a x", "!!" + Gate + " -- /bin/a x")]
    [InlineData("\"/opt/my app\" 'x y' \"z\\\"\"", Gate + " -- \"/opt/my app\" 'x y' \"z\\\"\"")]
    [InlineData("/bin/find . -exec true ;", Gate + " -- /bin/find . -exec true")]
    [InlineData("/bin/find . -exec true \\;", Gate + " -- /bin/find . -exec true \\;")]
    [InlineData("/bin/find . -exec true \";\"", Gate + " -- /bin/find . -exec true \";\"")]
    [InlineData("/bin/sh -c 'a\tb'", Gate + " -- /bin/sh -c \"a\\u0009b\"")]
    [InlineData("/bin/a\tb", Gate + " -- /bin/a b")]
    public void A_command_is_repeated_behind_the_look(string written, string expected) =>
        Assert.Equal($"ExecStart=\nExecStart={expected}\n", Commands($"ExecStart={written}"));

    [Fact]
    public void Each_command_of_each_key_is_repeated_in_its_order() => Assert.Equal(
        $"ExecCondition=\nExecCondition={Gate} -- /bin/c\n"
        + $"ExecStart=\nExecStart={Gate} -- /bin/a\nExecStart={Gate} -- /bin/b\n"
        + $"ExecReloadPost=\nExecReloadPost={Gate} -- /bin/r\n"
        + $"ExecStopPost=\nExecStopPost={Gate} -- /bin/s\n",
        Commands("ExecStopPost=/bin/s\nExecStart=/bin/gone\nExecStart=\nExecStart=/bin/a ; /bin/b\nExecCondition=/bin/c\nExecReloadPost=/bin/r\nExecStop=/bin/gone\nExecStop="));

    [Fact]
    public void What_the_program_is_started_with_is_handed_on() => Assert.Equal(
        $"ExecStart=\nExecStart={Gate} --path=/opt/bin:%h/bin --default-sigpipe -- a x\n", Commands("ExecStart=a x\nExecSearchPath=/opt/bin:%h/bin\nIgnoreSIGPIPE=no"));

    [Fact]
    public void Where_all_but_the_start_is_privileged_only_the_namespace_is_looked_at() => Assert.Equal(
        $"ExecStartPre=\nExecStartPre=+/usr/bin/vpn-confinement-gate media %n -- /bin/p\nExecStartPre=+-/usr/bin/vpn-confinement-gate media %n -- /bin/q\n"
        + $"ExecStart=\nExecStart={Gate} -- /bin/a\nPermissionsStartOnly=no\n",
        Commands("PermissionsStartOnly=yes\nExecStartPre=/bin/p\nExecStartPre=-!/bin/q\nExecStart=/bin/a"));

    // The gate from outside refuses a command that is as the unit has it.
    [Theory]
    [InlineData("ExecStart=|/bin/a && /bin/b")]
    [InlineData("ExecStart=/bin/a\nExecStart=|/bin/b")]
    [InlineData("ExecStart=-")]
    public void What_cannot_be_repeated_is_left_alone(string setting) => Assert.Equal("", Commands(setting));

    // Its template's drop-in applies to it as well, and would bring back what it has cleared.
    [Fact]
    public void An_instance_clears_what_it_does_not_have()
    {
        var text = GateDropIn.Compile(Read(DropIn), Read("[Service]\nExecStartPre=/bin/p\nExecStartPre=\nExecStart=/bin/a\n"), isInstance: true)!;
        Assert.Equal(
            $"ExecCondition=\nExecStartPre=\nExecStart=\nExecStart={Gate} -- /bin/a\nExecStartPost=\nExecReload=\nExecReloadPost=\nExecStop=\nExecStopPost=\nSyslogIdentifier=a\n",
            text[(text.IndexOf("[Service]\n", StringComparison.Ordinal) + "[Service]\n".Length)..]);
    }

    [Fact]
    public void A_drop_in_that_names_no_gate_gives_nothing() => Assert.Null(
        GateDropIn.Compile(Read("[Socket]\nNetworkNamespacePath=/run/netns/media\n"), Read("[Service]\nExecStart=/bin/a\n")));

    // The journal names what a service says by the program that systemd starts, which is the gate.
    [Theory]
    [InlineData("ExecStart=/usr/bin/python3 x", "SyslogIdentifier=python3\n")]
    [InlineData("ExecStart=-aria2c", "SyslogIdentifier=aria2c\n")]
    [InlineData("ExecStart=@/opt/a%%b c", "SyslogIdentifier=a%%b\n")]
    [InlineData("ExecStart=/bin/a\nSyslogIdentifier=mine", "")]
    [InlineData("ExecStart=/bin/a\nSyslogIdentifier=mine\nSyslogIdentifier=", "SyslogIdentifier=a\n")]
    [InlineData("ExecStop=/bin/a", "")]
    public void The_journal_has_the_name_that_it_had(string settings, string expected) => Assert.Equal(
        expected, string.Concat(Text(settings).Split('\n').Where(l => l.StartsWith("Syslog", StringComparison.Ordinal)).Select(l => l + "\n")));

    private static string Commands(string settings) =>
        string.Concat(Text(settings).Split('\n').Where(l => l.Length > 0 && !l.StartsWith("Syslog", StringComparison.Ordinal)).Select(l => l + "\n"));

    private static string Text(string settings) =>
        GateDropIn.Compile(Read(DropIn), Read($"[Service]\n{settings}\n")) is { } text
            ? text[(text.IndexOf("[Service]\n", StringComparison.Ordinal) + "[Service]\n".Length)..]
            : "";

    private static UnitSettings Read(string text) => UnitSettings.Read([new("unit", text)]);

    [Theory]
    [InlineData(null, "zzzzz-vpn-confinement-gate.conf")]
    [InlineData("zz-local.conf", "zzzzz-vpn-confinement-gate.conf")]
    [InlineData("zzzzzz.conf", "zzzzzz~zzzzz-vpn-confinement-gate.conf")]
    [InlineData("~~~.conf", "~~~~zzzzz-vpn-confinement-gate.conf")]
    [InlineData("zzzzz-vpn-confinement-gate.conf", "zzzzz-vpn-confinement-gate~zzzzz-vpn-confinement-gate.conf")]
    public void It_comes_behind_whatever_comes_last(string? last, string expected)
    {
        var name = GateDropIn.NameBehind(GateDropIn.FileName, last);
        Assert.Equal(expected, name);
        Assert.True(GateDropIn.IsGenerated(name));
        Assert.True(last is null || string.CompareOrdinal(last, name) < 0);
    }

    // A file name has 255 bytes at the most (NAME_MAX), and the one before it may have as many.
    [Theory]
    [InlineData('z', 250)]
    [InlineData('z', 230)]
    [InlineData('é', 120)]
    [InlineData('~', 200)]
    public void It_comes_behind_a_name_that_leaves_no_room_for_more(char letter, int length)
    {
        var last = "zzzzzz" + new string(letter, length - 6) + ".conf";
        foreach (var usual in (string[])[GateDropIn.FileName, GateDropIn.InstanceFileName])
        {
            var name = GateDropIn.NameBehind(usual, last);
            Assert.InRange(Encoding.UTF8.GetByteCount(name), 1, 255);
            Assert.True(GateDropIn.IsGenerated(name));
            Assert.True(string.CompareOrdinal(last, name) < 0);
            var instance = GateDropIn.NameBehind(GateDropIn.InstanceFileName, name);
            Assert.InRange(Encoding.UTF8.GetByteCount(instance), 1, 255);
            Assert.True(string.CompareOrdinal(name, instance) < 0);
        }
    }

    // systemd runs these without a start, and so without asking the gate from outside.
    [Theory]
    [InlineData("ExecStop=|/bin/a", "ExecStop")]
    [InlineData("ExecStopPost=@\nExecStopPost=-/bin/a", "ExecStopPost")]
    [InlineData("ExecReload=\"\"", "ExecReload")]
    public void What_cannot_be_repeated_of_a_stop_or_reload_does_not_run(string commands, string key)
    {
        var dropIn = UnitSettings.Read([new("x", "[X-VpnConfinement]\nGate=/g media %n\n")]);
        var unit = UnitSettings.Read([new("u", $"[Service]\nExecStart=/bin/b\n{commands}\n")]);
        var text = GateDropIn.Compile(dropIn, unit);
        Assert.Contains($"{key}=\n{key}=/g media %n --not-repeated -- /bin/false\n", text, StringComparison.Ordinal);
    }
}
