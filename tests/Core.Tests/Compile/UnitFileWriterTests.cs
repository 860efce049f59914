using CsCheck;
using VpnConfinement.Compile.Systemd;
using VpnConfinement.State;
using VpnConfinement.Text;

namespace VpnConfinement.Core.Tests.Compile;

[Trait("guarantees", "S-1")]
public sealed class UnitFileWriterTests
{
    [Fact]
    public void A_mistyped_key_is_never_written() // S-1
    {
        var unit = new UnitFileWriter("# x");
        unit.Section("Service");
        Assert.Throws<ArgumentException>(() => unit.Add("NetworkNamespacePth", "/run/netns/a"));
        Assert.Throws<ArgumentException>(() => unit.Section("Servce"));
    }

    [Fact]
    public void A_value_can_never_make_a_new_line_or_key()
    {
        Gen.String.Sample(value =>
        {
            var unit = new UnitFileWriter("# x");
            unit.Section("Unit");
            try
            {
                unit.Add("Description", value);
            }
            catch (ArgumentException)
            {
                return;
            }

            unit.Add("After", "end.target");
            Assert.Equal(["# x", "", "[Unit]", "Description=" + value, "After=end.target", ""], unit.ToString().Split('\n'));
            Assert.Equal("end.target", UnitSettings.Read([new SourceText("u", unit.ToString())]).Last("Unit", "After"));
        });
    }

    [Theory]
    [InlineData("/run/a%b", "/run/a%%b")]
    [InlineData("/run/a b", "\"/run/a b\"")]
    [InlineData("/run/a\"\\b", "\"/run/a\\\"\\\\b\"")]
    public void Words_are_escaped(string word, string written) => Assert.Equal(written, UnitValue.Literal(word));

    [Fact]
    public void A_program_is_no_variable() => Assert.Equal("/opt/a$$b", UnitValue.Quote("/opt/a$b"));
}
