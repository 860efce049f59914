namespace VpnConfinement.Linux.Tests.Netlink;

/// <summary>Bytes as readable text: blanks and what follows a # on a line do not count.</summary>
internal static class Hex
{
    internal static byte[] Bytes(string text) => Convert.FromHexString(string.Concat(
        text.Split('\n').Select(line => line.Split('#')[0]).SelectMany(line => line).Where(c => !char.IsWhiteSpace(c))));

    internal static void Equal(string expected, ReadOnlySpan<byte> actual) =>
        Assert.Equal(Convert.ToHexStringLower(Bytes(expected)), Convert.ToHexStringLower(actual));
}
