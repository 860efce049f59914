using System.Globalization;
using System.Numerics;
using System.Security.Cryptography;
using System.Text;
using CsCheck;
using VpnConfinement.Validation;

namespace VpnConfinement.Core.Tests.Validation;

public sealed class PinningMarkTests
{
    // By the definition, with another hash and numbers without bounds.
    [Fact]
    public void The_mark_follows_from_the_name_by_its_definition() =>
        Gen.String[Gen.Char["ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-"], 1, 15].Sample(name =>
        {
            var hex = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(name)))[..8];
            var mark = (BigInteger.Parse("0" + hex, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) % 4294967294) + 1;
            Assert.Equal(mark, PinningRules.DerivedMark(name));
            Assert.InRange(PinningRules.DerivedMark(name), 1u, uint.MaxValue - 1);
        });

    // printf wg0 | sha256sum begins with 5f82c3bf, which is 1602405311.
    [Fact]
    public void The_mark_of_wg0() => Assert.Equal(1602405312u, PinningRules.DerivedMark("wg0"));
}
