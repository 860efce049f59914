using System.Net;
using System.Text.RegularExpressions;
using CsCheck;
using VpnConfinement.Config;
using VpnConfinement.Model;
using VpnConfinement.Text;
using VpnConfinement.Validation;

namespace VpnConfinement.Core.Tests.Config;

/// <summary>The forms of the schema against the parsers of the validator: two descriptions of one grammar, each an oracle for the other.</summary>
public sealed class TextFormTests
{
    private static readonly Dictionary<TextForm, (Func<string, bool> Parser, string[] Seeds)> Forms = new()
    {
        [TextForm.Namespace] = (t => NamespaceName.TryParse(t, out _), ["media", "init", "a", "a.b-c_d", new('n', 64), new('n', 65), "Init", "init.x"]),
        [TextForm.Interface] = (t => InterfaceName.TryParse(t, out _), ["wg0", "lo", "all", "default", "abcdefghijklmno", "abcdefghijklmnop", "a-b.c_d", "lo0"]),
        [TextForm.Service] = (t => UnitName.TryParseService(t, out _), ["app", "app.service", "app@", "app@x.service", "a.socket", "a.socket.service", "a.automount", "a.swap.service", "a.service.service", ".service", "@x", "a\\x2db", new('u', 247), new('u', 248)]),
        [TextForm.Path] = (AbsolutePath.IsValid, ["/etc/x", "/", "/a//b", "/a/../b", "/a/.", "/..a/b...", "/a/", "a/b", "/a b/%c", "/a\u200bb", "/\u00e9\u202e"]),
        [TextForm.Address] = (IsAddress, ["1.2.3.4", "256.1.1.1", "01.2.3.4", "1.2.3", "::", "::1", "2001:db8::7", "1:2:3:4:5:6:7:8", "1::2::3", "fe80::1%eth0", "::ffff:1.2.3.4", "12345::", "1:2:3:4:5:6:7::", "::1:2:3:4:5:6:7:8"]),
        [TextForm.Cidr] = (t => IpText.TryParsePrefix(t, out _) && IsAddress(t.Split('/')[0]), ["10.0.0.0/8", "10.0.0.1", "::/0", "fd00::/128", "fd00::/129", "1.2.3.4/33", "1.2.3.4/08", "1.2.3.4/", "0.0.0.0/0"]),
        [TextForm.Domain] = (DomainName.IsValid, ["example.com", "example.com.", "-a.b", "a-.b", "a..b", "_dns.x", new('d', 63), new('d', 64), "xn--e1a.com", "\u0435xample.com", "a b"]),
        [TextForm.Capability] = (CapabilityNames.All.Contains, ["CAP_CHOWN", "CAP_X", "CAP_SYS_ADMIN", "cap_chown", "CAP_CHOWN ", "CAP_"]),
        [TextForm.Key] = (t => KeyText.Decode(t) is not null, [Convert.ToBase64String(new byte[32]), "PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0=", "PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ1=", "AAAA"]),
    };

    public static TheoryData<string> Names => [.. Forms.Keys.Select(f => f.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_form_takes_what_the_parser_takes(string name)
    {
        var form = Forms.Keys.Single(f => f.Name == name);
        var (parser, seeds) = Forms[form];
        var pattern = Strict(form.Pattern);
        var accepted = 0;
        foreach (var seed in seeds)
        {
            Assert.True(pattern.IsMatch(seed) == parser(seed), seed);
        }

        string[] letters = ["", "a", "Z", "0", "9", ".", "-", "_", "/", ":", "::", "@", "%", "[", "]", "\n", "\0", " ", "=", "\u0430", "\u202e", "e\u0301", "\ud83d\ude00", "f", "255", "256", "init", ".service", "1.2.3.4"];
        var edit = Gen.Select(Gen.Int[0, 70], Gen.Int[0, 3], Gen.Int[0, letters.Length - 1].Select(i => letters[i]));
        Gen.Select(Gen.Int[0, seeds.Length - 1].Select(i => seeds[i]), edit.Array[0, 4]).Sample(
            (seed, edits) =>
            {
                var text = edits.Aggregate(seed, Edit);
                var taken = parser(text);
                Interlocked.Add(ref accepted, taken ? 1 : 0);
                Assert.True(pattern.IsMatch(text) == taken, Visible.Text(text));
            },
            iter: 20_000);
        Assert.NotEqual(0, accepted);
    }

    /// <summary>Every value that reaches a unit file or a ruleset: no character that means something there, no line break.</summary>
    [Fact]
    public void No_form_takes_a_line_break_or_another_control_character()
    {
        foreach (var form in TextForm.All)
        {
            foreach (var c in Enumerable.Range(0, 32).Concat([0x7f, 0x85, 0x2028, 0x2029, 0x202e, 0xfeff]).Select(i => (char)i))
            {
                Assert.DoesNotMatch(Strict(form.Pattern), $"a{c}b");
                Assert.DoesNotMatch(Strict(form.Pattern), $"/run/a{c}");
                Assert.DoesNotMatch(Strict(form.Pattern), $"{c}");
            }
        }
    }

    // "$" of .NET also stands before a last line break, that of ECMA 262 does not.
    internal static Regex Strict(string pattern) => new(pattern.EndsWith('$') ? pattern[..^1].Replace("$)", "\\z)", StringComparison.Ordinal) + "\\z" : pattern, RegexOptions.CultureInvariant);

    // An IPv4 address in IPv6 clothes is no matter of form.
    private static bool IsAddress(string text) => IpText.TryParseAddress(text, out _) || (IPAddress.TryParse(text, out var address) && address.IsIPv4MappedToIPv6 && text.All(c => char.IsAsciiHexDigit(c) || c == ':'));

    private static string Edit(string text, (int At, int How, string Piece) edit)
    {
        var at = Math.Min(edit.At, text.Length);
        return edit.How switch
        {
            0 => text.Insert(at, edit.Piece),
            1 => text[..at] + edit.Piece + text[Math.Min(at + 1, text.Length)..],
            2 => text[..at],
            _ => text[..at] + text[Math.Min(at + 1, text.Length)..],
        };
    }
}
