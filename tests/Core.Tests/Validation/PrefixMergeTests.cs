using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using CsCheck;
using VpnConfinement.Validation;

namespace VpnConfinement.Core.Tests.Validation;

public sealed class PrefixMergeTests
{
    // Small enough that every address can be looked at: 10.0.0.0/26 and fd00::/122, at either end of them everything.
    private const int Bits = 6;

    private static readonly Gen<IPNetwork> Prefix =
        from v6 in Gen.Bool
        from start in Gen.Int[0, (1 << Bits) - 1]
        from length in Gen.Int[0, Bits]
        select new IPNetwork(Address(v6, start >> (Bits - length) << (Bits - length)), (v6 ? 128 : 32) - Bits + length);

    [Fact]
    public void The_same_addresses_in_the_fewest_prefixes_each_once() =>
        Prefix.Array[0, 12].Sample(prefixes =>
        {
            var merged = PrefixMerge.Merge(prefixes);
            foreach (var v6 in new[] { false, true })
            {
                for (var i = 0; i < 1 << Bits; i++)
                {
                    var address = Address(v6, i);
                    Assert.Equal(prefixes.Any(p => p.Contains(address)) ? 1 : 0, merged.Count(p => p.Contains(address)));
                }
            }

            // No two make up a shorter one: that and no overlap is the fewest.
            foreach (var half in merged)
            {
                var whole = new IPNetwork(Masked(half.BaseAddress, half.PrefixLength - 1), half.PrefixLength - 1);
                Assert.Single(merged, p => p.PrefixLength == half.PrefixLength && whole.Contains(p.BaseAddress));
            }

            Assert.Equal(merged.OrderBy(p => p.BaseAddress.AddressFamily == AddressFamily.InterNetworkV6).ThenBy(p => Convert.ToHexString(p.BaseAddress.GetAddressBytes()), StringComparer.Ordinal), merged);
            Assert.Equal(merged, PrefixMerge.Merge(prefixes.Reverse()));
            Assert.Equal(merged, PrefixMerge.Merge(merged));
        });

    [Theory]
    [InlineData("0.0.0.0/0 ::/0", "0.0.0.0/0 ::/0")]
    [InlineData("128.0.0.0/1 0.0.0.0/1", "0.0.0.0/0")]
    [InlineData("::/1 8000::/1", "::/0")]
    [InlineData("255.255.255.255/32 255.255.255.254/32", "255.255.255.254/31")]
    [InlineData("ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff/128 ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/128", "ffff:ffff:ffff:ffff:ffff:ffff:ffff:fffe/127")]
    [InlineData("10.0.0.1/32 10.0.0.2/32", "10.0.0.1/32 10.0.0.2/32")]
    [InlineData("10.0.0.0/24 10.0.0.0/8 10.0.0.0/32", "10.0.0.0/8")]
    public void At_the_edges(string prefixes, string merged) => Assert.Equal(merged, string.Join(' ', PrefixMerge.Merge(prefixes.Split(' ').Select(p => IPNetwork.Parse(p)))));

    [Fact]
    public void Ten_thousand_are_checked_soon()
    {
        var random = new Random(7);
        var apart = Enumerable.Range(0, 10_000).Select(i => $"\"10.{i >> 7}.{(i << 1) & 0xff}.{random.Next(4)}\"");
        var inOne = Enumerable.Range(0, 10_000).Select(i => $"\"11.0.{i >> 8}.{i & 0xff}\"");
        foreach (var (cidrs, count) in new[] { (apart, 10_000), (inOne, 5) })
        {
            var clock = Stopwatch.StartNew();
            var egress = Checked.One($"egress = {{ mode = \"allowList\", allowedCidrs = [{string.Join(", ", cidrs.OrderBy(_ => random.Next()))}] }}").Only.Egress;
            Assert.Equal(count, egress.Cidrs.Count);
            Assert.InRange(clock.Elapsed, TimeSpan.Zero, TimeSpan.FromSeconds(10));
        }
    }

    private static IPAddress Address(bool v6, int low) => v6
        ? new IPAddress([0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, (byte)low])
        : new IPAddress([10, 0, 0, (byte)low]);

    private static IPAddress Masked(IPAddress address, int length)
    {
        var bytes = address.GetAddressBytes();
        for (var bit = length; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        return new IPAddress(bytes);
    }
}
