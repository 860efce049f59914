using System.Net;
using VpnConfinement.Text;

namespace VpnConfinement.Verify;

/// <summary>What a page says that tells from which address it was asked: text, HTML or JSON.</summary>
public static class SeenAddressText
{
    /// <summary>The first address in it; null where there is none.</summary>
    public static IPAddress? Find(string page)
    {
        for (var start = 0; start < page.Length; start++)
        {
            if (!IsPart(page[start]) || (start > 0 && char.IsAsciiLetterOrDigit(page[start - 1])))
            {
                continue;
            }

            var end = start;
            while (end < page.Length && IsPart(page[end]))
            {
                end++;
            }

            // A full stop or a colon may belong to the sentence.
            var word = page[start..end].TrimEnd('.', ':');
            if (Read(word) is { } address && (end == page.Length || !char.IsAsciiLetter(page[end])))
            {
                return address;
            }

            start = end;
        }

        return null;
    }

    // Some pages tell the port as well. An IPv6 address then has brackets, which part it from the port.
    private static IPAddress? Read(string word) =>
        IpText.TryParseAddress(word, out var address) ? address
        : IpText.TryParseEndpoint(word, out var endpoint) ? endpoint.Address
        : null;

    private static bool IsPart(char c) => char.IsAsciiHexDigit(c) || c is '.' or ':';
}
