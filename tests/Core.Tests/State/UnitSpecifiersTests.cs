using VpnConfinement.State;

namespace VpnConfinement.Core.Tests.State;

public sealed class UnitSpecifiersTests
{
    [Theory]
    [InlineData("%I", "app@media.service", "media")]
    [InlineData("%i", "app@my-media.service", "my-media")]
    [InlineData("%I", "app@my-media.service", null)]
    [InlineData("%I", "app@a\\x2db.service", null)]
    [InlineData("%I", "my-app@media.service", "media")]
    [InlineData("x%I", "app@.service", "x")]
    [InlineData("%I", "app.service", "")]
    public void An_instance_is_known_without_its_escapes_where_it_can_have_none(string value, string unit, string? expected) =>
        Assert.Equal(expected, UnitSpecifiers.Expand(value, unit));
}
