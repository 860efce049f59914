using VpnConfinement.Linux.Netlink.NfTables;
using VpnConfinement.Linux.Nftables;

namespace VpnConfinement.Linux.Tests.Nftables;

public sealed class RulesetIdentityTests
{
    private static readonly NfTable Table = Build(["__set0"], [[1, 2], [3, 4]]);

    private static NfTable Build(string[] anonymous, byte[][] elements, string asked = "__set0") => new("vpnc", 0, [0])
    {
        Chains = [new NfChain("input", [1]), new NfChain("output", [2])],
        Rules = [new NfRule("input", [new NfExpression("lookup", asked, [1]), new NfExpression("immediate", null,
            [2])], []), new NfRule("input", [], [7])],
        Sets = [.. anonymous.Select(a => new NfSet(a, 1, [3])), new NfSet("ports", 0, [4])],
        Elements = anonymous.Append("ports").ToDictionary(a => a, _ => (IReadOnlyList<byte[]>)elements),
        Objects = [new NfObject("refused", 1, [], 5, 6)],
        Flowtables = [],
    };

    [Fact]
    public void The_order_of_elements_and_the_number_of_an_anonymous_set_do_not_count()
    {
        Assert.Null(Difference(Build(["__set0"], [[3, 4], [1, 2]])));
        Assert.Null(Difference(Build(["__set7"], [[1, 2], [3, 4]], "__set7")));
    }

    [Fact]
    public void Counts_do_not_count() => Assert.Null(Difference(Table
        with { Objects = [new NfObject("refused", 1, [], 99, 100)] }));

    [Fact]
    public void Anything_else_counts_and_is_named()
    {
        Assert.Equal("the flags of the table were changed", Difference(Table with { Form = [1] }));
        Assert.Equal("hook, priority or policy of chain output were changed", Difference(Table
            with { Chains = [Table.Chains[0], new NfChain("output", [3])] }));
        Assert.Equal("chain output is gone", Difference(Table with { Chains = [Table.Chains[0]] }));
        Assert.Equal("chain more was added", Difference(Table
            with { Chains = [.. Table.Chains, new NfChain("more", [1])] }));
        Assert.Equal("the rules of chain input were changed", Difference(Table
            with { Rules = [.. Table.Rules.Reverse()] }));
        Assert.Equal("the rules of chain input were changed", Difference(Table with { Rules = [Table.Rules[0]] }));
        Assert.Equal("the rules of chain output were changed", Difference(Table
            with { Rules = [.. Table.Rules, new NfRule("output", [], [])] }));
        Assert.Equal("the rules of chain input were changed", Difference(Build(["__set0"], [[1, 2], [3, 4]], "ports")
            with { Sets = Table.Sets.Where(s => !s.IsAnonymous).ToList() }));
        Assert.Equal("the rules of chain input were changed, the elements of set ports were changed",
            Difference(Build(["__set0"], [[1, 2]])));
        Assert.Equal("set more was added", Difference(Table
            with { Sets = [.. Table.Sets, new NfSet("more", 0, [4])] }));
        Assert.Equal("counter more was added", Difference(Table
            with { Objects = [.. Table.Objects, new NfObject("more", 1, [], 0, 0)] }));
        Assert.Equal("object 2:more was added", Difference(Table
            with { Objects = [.. Table.Objects, new NfObject("more", 2, [], 0, 0)] }));
        Assert.Equal("flow table more was added", Difference(Table
            with { Flowtables = [new NfFlowtable("more", [])] }));
    }

    [Fact]
    public void An_added_name_with_control_characters_is_shown_and_not_acted_on() =>
        Assert.Equal("chain a\\u001b[2J was added", Difference(Table
            with { Chains = [.. Table.Chains, new NfChain("a\u001b[2J", [1])] }));

    [Fact]
    public void Elements_that_come_and_go_by_themselves_do_not_count()
    {
        var living = Table with { Sets = [.. Table.Sets, new NfSet("seen", 0x20, [5])] };
        Assert.Null(RulesetIdentity.Difference(RulesetIdentity.Of(living), RulesetIdentity.Of(living
            with { Elements = Table.Elements })));
    }

    [Fact]
    public void What_cannot_be_a_table_is_refused()
    {
        Assert.Throws<SystemFailure>(() => RulesetIdentity.Of(Table
            with { Chains = [.. Table.Chains, Table.Chains[0]] }));
        Assert.Throws<SystemFailure>(() => RulesetIdentity.Of(Table with { Chains = [] }));
    }

    private static string? Difference(NfTable found) =>
        RulesetIdentity.Difference(RulesetIdentity.Of(Table), RulesetIdentity.Of(found));
}
