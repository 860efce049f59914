using VpnConfinement.Model;

namespace VpnConfinement.Compile.Nftables;

/// <summary>
/// The host's table for one host link: nothing is forwarded from or to it, what comes in from it is replies only, with the namespace's own
/// address as source. It only ever drops packets of our own link, so it changes nothing for the rest of the host.
/// </summary>
public static class HostRuleset
{
    /// <summary>The text that nft loads.</summary>
    public static string Compile(NamespaceName ns, HostLink link)
    {
        var table = HostLinkDerivation.HostTable(ns);
        var name = link.HostInterface;
        return $$"""
            table inet {{table}} {
            	chain input {
            		type filter hook input priority filter - 10; policy accept;
            		iifname "{{name}}" ip saddr {{link.NamespaceAddress}} ip daddr {{link.HostAddress}} ct direction reply ct state established,related accept
            		iifname "{{name}}" counter drop
            	}

            	chain forward {
            		type filter hook forward priority filter - 10; policy accept;
            		iifname "{{name}}" counter drop
            		oifname "{{name}}" counter drop
            	}
            }

            """.ReplaceLineEndings("\n");
    }
}
