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
}
