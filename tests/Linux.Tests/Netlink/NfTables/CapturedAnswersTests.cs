using System.Runtime.InteropServices;
using CsCheck;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Netlink.NfTables;
using VpnConfinement.Linux.Nftables;
using static VpnConfinement.Linux.Interop.NetlinkConstants;

namespace VpnConfinement.Linux.Tests.Netlink.NfTables;

/// <summary>Answers of a kernel, whole, cut short, interrupted and damaged.</summary>
[Trait("guarantees", "S-32")]
public sealed class CapturedAnswersTests
{
    private const uint Request = 7;

    private static readonly Dictionary<string, List<byte[]>> Captured = Read();

    private static readonly Dictionary<string, MessageParser<object>> Parsers = new(StringComparer.Ordinal)
    {
        ["table"] = p => NfParser.Table(p, "vpnc"),
        ["chains"] = p => NfParser.Chain(p, "vpnc"),
        ["rules"] = p => NfParser.Rule(p, "vpnc"),
        ["sets"] = p => NfParser.Set(p, "vpnc"),
        ["objects"] = p => NfParser.Object(p, "vpnc"),
        ["flowtables"] = p => NfParser.Flowtable(p, "vpnc"),
        ["elements"] = p => NfParser.Elements(p, "vpnc"),
    };

    public static TheoryData<string> Kinds => [.. Captured.Keys];

    [Fact]
    public void Whole_answers_are_a_table()
    {
        var table = Whole();
        Assert.Equal(["output", "more"], table.Chains.Select(c => c.Name));
        Assert.Equal(9, table.Rules.Count);
        Assert.Equal(["meta", "cmp", "counter", "immediate"], table.Rules[0].Expressions.Select(e => e.Name));
        Assert.Equal(["meta", "cmp", "payload", "payload", "lookup", "immediate"],
            table.Rules[2].Expressions.SkipWhile(e => e.Name != "meta").Where(e =>
            e.Name is not "bitwise").Take(2).Concat(table.Rules[2].Expressions.TakeLast(4)).Select(e => e.Name));
        Assert.Equal(["endpoints", "never_tunnel_v4", "__set0", "verdicts", "seen"], table.Rules.SelectMany(r =>
            r.Expressions).Select(e => e.Set).OfType<string>());
        Assert.Equal(["__set0"], table.Sets.Where(s => s.IsAnonymous).Select(s => s.Name));
        Assert.Equal(["seen"], table.Sets.Where(s => s.IsLiving).Select(s => s.Name));
        Assert.Equal([2, 6, 1, 2, 2], new[] { "__set0", "never_tunnel_v4", "endpoints", "verdicts",
            "__set0" }.Select(s => table.Elements[s].Count));
        Assert.Equal(["refused_egress", "volume"], table.Objects.Select(o => o.Name));
        Assert.Equal(
            [
                "Table vpnc", "Chain more", "Chain output", "Rules more", "Rules output", "Set endpoints",
                    "Set never_tunnel_v4", "Set seen", "Set tunnel_v4",
                "Set verdicts", "Elements endpoints", "Elements never_tunnel_v4", "Elements seen",
                    "Elements tunnel_v4", "Elements verdicts",
                "Counter refused_egress", "Object 2:volume",
            ],
            RulesetIdentity.Of(table).Select(p => $"{p.Kind} {p.Name}"));
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Answers_that_are_cut_short_are_never_complete(string kind)
    {
        var datagrams = Captured[kind];
        for (var at = 0; at < datagrams.Count; at++)
        {
            for (var length = 0; length < datagrams[at].Length; length++)
            {
                var answers = Answers(kind);
                Assert.All(datagrams.Take(at), d => Assert.False(answers.Add(d)));
                Assert.False(TryAdd(answers, datagrams[at].AsSpan(0, length)));
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void A_message_that_is_cut_short_and_says_so_is_read_or_refused(string kind)
    {
        foreach (var payload in Messages(kind))
        {
            for (var length = 0; length < payload.Length; length++)
            {
                try
                {
                    Parsers[Parser(kind)](payload.AsSpan(0, length));
                }
                catch (SystemFailure)
                {
                    // refused
                }
            }
        }
    }

    [Theory]
    [MemberData(nameof(Kinds))]
    public void Damaged_messages_are_read_or_refused(string kind)
    {
        foreach (var payload in Messages(kind).Take(4))
        {
            Gen.Select(Gen.Int[0, payload.Length - 1], Gen.Byte).Array[1, 4].Sample(
                changes =>
                {
                    var damaged = payload.ToArray();
                    foreach (var (at, value) in changes)
                    {
                        damaged[at] = value;
                    }

                    try
                    {
                        Parsers[Parser(kind)](damaged);
                    }
                    catch (SystemFailure)
                    {
                        // refused
                    }
                },
                iter: 500);
        }
    }

    [Fact]
    public void A_list_that_changed_meanwhile_is_not_taken()
    {
        var datagrams = Captured["rules"].Select(d => d.ToArray()).ToList();
        datagrams[0][6] |= (byte)NLM_F_DUMP_INTR;
        var answers = Answers("rules");
        Assert.False(answers.Add(datagrams[0]));
        Assert.True(answers.Add(datagrams[1]));
        Assert.True(answers.IsInterrupted);
    }

    [Fact]
    public void Answers_to_another_request_are_passed_over()
    {
        var others = Captured["rules"].Select(d => d.ToArray()).ToList();
        others.ForEach(d => Renumber(d, Request - 1));
        var answers = Answers("rules");
        Assert.All(others, d => Assert.False(answers.Add(d)));
        Assert.Empty(answers.Items);
        Assert.All(Captured["rules"].SkipLast(1), d => Assert.False(answers.Add(d)));
        Assert.True(answers.Add(Captured["rules"][^1]));
        Assert.Equal(9, answers.Items.Count);
    }

    [Fact]
    public void An_error_in_the_middle_is_a_failure()
    {
        var answers = Answers("rules");
        answers.Add(Captured["rules"][0]);
        var error = Hex.Bytes("24000000 0200 0001 07000000 00000000 f5ffffff 20000000 010a 0500 07000000 00000000");
        Assert.Equal(11, Assert.Throws<SystemFailure>(() => answers.Add(error)).Errno);
    }

    [Fact]
    public void What_is_not_of_the_table_is_nothing() =>
        Assert.All(Parsers.Where(p => p.Key != "flowtables"), p => Assert.All(Messages(p.Key is "elements"
            ? "elements verdicts" : p.Key), m =>
        {
            Assert.NotNull(p.Value(m));
            m[0] = 2; // of family ip
            Assert.Null(p.Value(m));
        }));

    private static NfTable Whole() => ((NfTable)All("table").Single()) with
    {
        Chains = [.. All("chains").Cast<NfChain>()],
        Rules = [.. All("rules").Cast<NfRule>()],
        Sets = [.. All("sets").Cast<NfSet>()],
        Elements = Captured.Keys.Where(k => k.StartsWith("elements ", StringComparison.Ordinal)
            && k != "elements seen").ToDictionary(
            k => k["elements ".Length..], k => (IReadOnlyList<byte[]>)[.. All(k).Cast<NfElements>().SelectMany(e =>
                e.Forms)], StringComparer.Ordinal),
        Objects = [.. All("objects").Cast<NfObject>()],
        Flowtables = [.. All("flowtables").Cast<NfFlowtable>()],
    };

    private static List<object> All(string kind)
    {
        var answers = Answers(kind);
        Assert.All(Captured[kind].SkipLast(1), d => Assert.False(answers.Add(d)));
        Assert.True(answers.Add(Captured[kind][^1]));
        return answers.Items;
    }

    private static NetlinkAnswers<object> Answers(string kind) => new(Request, $"read {kind}", Parsers[Parser(kind)]);

    private static bool TryAdd(NetlinkAnswers<object> answers, ReadOnlySpan<byte> datagram)
    {
        try
        {
            return answers.Add(datagram);
        }
        catch (SystemFailure)
        {
            return false;
        }
    }

    private static string Parser(string kind) => kind.Split(' ')[0];

    private static List<byte[]> Messages(string kind)
    {
        var payloads = new List<byte[]>();
        foreach (var datagram in Captured[kind])
        {
            var reader = new MessageReader(datagram);
            while (reader.Next())
            {
                if (reader.Type > NLMSG_DONE)
                {
                    payloads.Add(reader.Payload.ToArray());
                }
            }
        }

        return payloads;
    }

    private static void Renumber(byte[] datagram, uint number)
    {
        for (var rest = datagram.AsSpan(); !rest.IsEmpty; rest = rest[MemoryMarshal.Read<int>(rest)..])
        {
            MemoryMarshal.Write(rest[8..], number);
        }
    }

    private static Dictionary<string, List<byte[]>> Read()
    {
        using var stream = typeof(CapturedAnswersTests).Assembly.GetManifestResourceStream("answers.txt")!;
        using var reader = new StreamReader(stream);
        var found = new Dictionary<string, List<byte[]>>(StringComparer.Ordinal);
        List<byte[]>? current = null;
        foreach (var line in reader.ReadToEnd().Split('\n', StringSplitOptions.RemoveEmptyEntries).Skip(1))
        {
            if (line.StartsWith("# ", StringComparison.Ordinal))
            {
                found[line[2..]] = current = [];
            }
            else
            {
                current!.Add(Hex.Bytes(line));
            }
        }

        return found;
    }
}
