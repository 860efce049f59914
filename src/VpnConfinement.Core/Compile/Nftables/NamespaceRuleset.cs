using VpnConfinement.Model;

namespace VpnConfinement.Compile.Nftables;

/// <summary>
/// The ruleset of a namespace (docs/security.md, S-2 to S-6): one table, policy drop on every hook, replaced as one transaction. Every value
/// in it is a number, an address or a checked interface name, printed from its type and never from the user's text.
/// </summary>
public static class NamespaceRuleset
{
    /// <summary>Name of the table, family inet.</summary>
    public const string Table = "vpnc";

    /// <summary>Only a bare SYN begins a connection.</summary>
    internal const string FlagsOfTcp = "tcp flags & (fin | syn | rst | ack)";

    /// <summary>The text that nft loads into a netns without the table; over an older one it is loaded with that one's deletion before it.</summary>
    public static string Compile(ConfinedNamespace ns)
    {
        var text = new RulesetText();
        text.Line($"# Ruleset of the namespace {ns.Name}, made by vpn-confinement; `vpn-confinement apply` writes it anew.");
        text.Line($"table inet {Table} {{");
        foreach (var name in RefusedCounters.All)
        {
            text.Counter(name);
        }

        NamespaceSets.Write(text, ns);
        InputChain.Write(text, ns);
        text.Line("");
        text.Chain("forward");
        text.Drop(null, RefusedCounters.Forward);
        text.Line("\t}");
        text.Line("");
        OutputChain.Write(text, ns);
        text.Line("}");
        return text.ToString();
    }

    /// <summary>What is no business of either interface and comes first in both chains.</summary>
    internal static void Begin(RulesetText text, ConfinedNamespace ns, string interfaceMatch)
    {
        text.Accept($"{interfaceMatch} \"lo\"");
        text.Drop("ct state invalid", RefusedCounters.Invalid);
        if (ns.IPv6 == IPv6Mode.Disable)
        {
            text.Drop("meta nfproto ipv6", RefusedCounters.IPv6);
            text.Drop("ip protocol 41", RefusedCounters.IPv6);
        }
    }
}
