using System.Globalization;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Netlink.NfTables;
using VpnConfinement.Model;
using VpnConfinement.Text;

namespace VpnConfinement.Linux.Nftables;

/// <summary>
/// What a table says about packets, in parts (docs/adr/0020). The order of rules counts, that of elements does not; an
/// anonymous set counts by its elements, where a rule asks it. Of a set whose elements come and go by themselves they
/// do not count.
/// </summary>
internal static class RulesetIdentity
{
    private const int MostNamed = 3;

    /// <summary>The parts, by kind and name.</summary>
    /// <exception cref="SystemFailure">Two parts have one name.</exception>
    internal static IReadOnlyList<RulesetPart> Of(NfTable table)
    {
        var asked = table.Rules.SelectMany(r => r.Expressions).Select(e =>
            e.Set).OfType<string>().ToHashSet(StringComparer.Ordinal);
        var inline = table.Sets.Where(s => s.IsAnonymous && asked.Contains(s.Name)).ToDictionary(s => s.Name, s =>
            Of(s, table), StringComparer.Ordinal);
        var parts = new List<RulesetPart> { new(RulesetPartKind.Table, table.Name, ContentHash.Of(table.Form)) };
        foreach (var chain in table.Chains)
        {
            parts.Add(new(RulesetPartKind.Chain, chain.Name, ContentHash.Of(chain.Form)));
            parts.Add(new(RulesetPartKind.Rules, chain.Name, OfRules(table.Rules.Where(r =>
                r.Chain == chain.Name), inline)));
        }

        foreach (var set in table.Sets.Where(s => !inline.ContainsKey(s.Name)))
        {
            parts.Add(new(RulesetPartKind.Set, set.Name, ContentHash.Of(set.Form)));
            parts.Add(new(RulesetPartKind.Elements, set.Name, OfElements(set, table)));
        }

        parts.AddRange(table.Objects.Select(o => o.Type == NfTablesConstants.NFT_OBJECT_COUNTER
            ? new RulesetPart(RulesetPartKind.Counter, o.Name, ContentHash.Of(o.Form))
            : new(RulesetPartKind.Object, string.Create(CultureInfo.InvariantCulture, $"{o.Type}:{o.Name}"),
                ContentHash.Of(o.Form))));
        parts.AddRange(table.Flowtables.Select(f =>
            new RulesetPart(RulesetPartKind.Flowtable, f.Name, ContentHash.Of(f.Form))));

        // A rule of a chain that is not listed would be left out above.
        var chains = table.Chains.Select(c => c.Name).ToHashSet(StringComparer.Ordinal);
        return parts.DistinctBy(p => (p.Kind, p.Name)).Count() == parts.Count && table.Rules.All(r =>
            chains.Contains(r.Chain))
            ? [.. parts.OrderBy(p => p.Kind).ThenBy(p => p.Name, StringComparer.Ordinal)]
            : throw AttributeReader.Malformed();
    }

    /// <summary>What differs, as a phrase: <c>the rules of chain output were changed</c>; or null.</summary>
    /// <param name="expected">What was reported after the load.</param>
    /// <param name="found">What is reported now.</param>
    internal static string? Difference(IReadOnlyList<RulesetPart> expected, IReadOnlyList<RulesetPart> found)
    {
        var before = expected.ToDictionary(p => (p.Kind, p.Name), p => p.Sha256);
        var now = found.ToDictionary(p => (p.Kind, p.Name), p => p.Sha256);

        // A chain or set that came or went has rules or elements that did so too.
        bool IsWhole(RulesetPart part) => part.Kind is not (RulesetPartKind.Rules or RulesetPartKind.Elements);
        List<string> phrases =
        [
            .. expected.Where(p => !now.ContainsKey((p.Kind, p.Name)) && IsWhole(p)).Select(p => $"{Named(p)} is gone"),
            .. found.Where(p => !before.ContainsKey((p.Kind, p.Name)) && IsWhole(p)).Select(p =>
                $"{Named(p)} was added"),
            .. found.Where(p => before.TryGetValue((p.Kind, p.Name), out var hash) && hash != p.Sha256).Select(Changed),
        ];
        return phrases.Count == 0
            ? before.Count == now.Count ? null : throw AttributeReader.Malformed()
            : string.Join(", ", phrases.Take(MostNamed)) + (phrases.Count > MostNamed
                ? $" and {phrases.Count - MostNamed} more" : "");
    }

    private static string Named(RulesetPart part) => part.Kind switch
    {
        RulesetPartKind.Table => $"table {Visible.Text(part.Name)}",
        RulesetPartKind.Chain or RulesetPartKind.Rules => $"chain {Visible.Text(part.Name)}",
        RulesetPartKind.Set or RulesetPartKind.Elements => $"set {Visible.Text(part.Name)}",
        RulesetPartKind.Counter => $"counter {Visible.Text(part.Name)}",
        RulesetPartKind.Object => $"object {Visible.Text(part.Name)}",
        RulesetPartKind.Flowtable => $"flow table {Visible.Text(part.Name)}",
        _ => throw new InvalidOperationException("a part of an unknown kind"),
    };

    private static string Changed(RulesetPart part) => part.Kind switch
    {
        RulesetPartKind.Table => "the flags of the table were changed",
        RulesetPartKind.Chain => $"hook, priority or policy of {Named(part)} were changed",
        RulesetPartKind.Rules => $"the rules of {Named(part)} were changed",
        RulesetPartKind.Elements => $"the elements of {Named(part)} were changed",
        RulesetPartKind.Set or RulesetPartKind.Counter or RulesetPartKind.Object or RulesetPartKind.Flowtable =>
            $"{Named(part)} was changed",
        _ => throw new InvalidOperationException("a part of an unknown kind"),
    };

    private static byte[] Of(NfSet set, NfTable table)
    {
        var form = new NfForm();
        form.Add(0, set.Form);
        form.Add(1, OfElements(set, table));
        return form.ToArray();
    }

    private static string OfElements(NfSet set, NfTable table)
    {
        var form = new NfForm();
        var elements = table.Elements.TryGetValue(set.Name, out var all) ? all.ToArray() : [];
        Array.Sort(elements, static (a, b) => a.AsSpan().SequenceCompareTo(b));
        foreach (var element in elements)
        {
            form.Add(0, element);
        }

        return ContentHash.Of(form.ToArray());
    }

    private static string OfRules(IEnumerable<NfRule> rules, Dictionary<string, byte[]> inline)
    {
        var form = new NfForm();
        foreach (var rule in rules)
        {
            form.Add(0, rule.Form);
            foreach (var expression in rule.Expressions)
            {
                form.Add(1, expression.Name);
                form.Add(2, expression.Form);
                if (expression.Set is { } set)
                {
                    if (inline.TryGetValue(set, out var content))
                    {
                        form.Add(3, content);
                    }
                    else
                    {
                        form.Add(4, set);
                    }
                }
            }
        }

        return ContentHash.Of(form.ToArray());
    }
}
