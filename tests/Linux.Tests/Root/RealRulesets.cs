using System.Net;
using VpnConfinement.Compile.Nftables;
using VpnConfinement.Linux.Netlink.NfTables;
using VpnConfinement.Linux.Nftables;
using VpnConfinement.Linux.Tests.Packets;
using VpnConfinement.Model;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Tests.Root;

/// <summary>
/// The rulesets that the compiler makes, in a netns that stands for a namespace, the host and a birthplace at once.
/// </summary>
internal sealed class RealRulesets : IDisposable
{
    internal const string Folder = "/run/vpn-confinement";

    private static readonly ConfinedNamespace Namespace =
        new Mode(EgressShape.PortsAndPrefixes, DnsMode.Strict, IPv6Mode.Tunnel, HostLink: true, Ingress: true,
            EssentialIcmp: true).Namespace;

    private readonly OtherNetns _netns;

    internal RealRulesets(string name)
    {
        Name = name;
        _netns = new OtherNetns(name);
        Directory.CreateDirectory(Folder);
        Inside = Of("inside", NamespaceRuleset.Table, NamespaceRuleset.Compile(Namespace));
        var link = TestPlan.LinkOf(Namespace.Name, Namespace.HostLink!);
        Host = Of("host", link.HostTable, HostRuleset.Compile(link));
        var pinning = new PinPlan { Table = EndpointPinRuleset.Table(Namespace.Name), Mark = 51820 };
        Pin = Of("pin", pinning.Table, EndpointPinRuleset.Compile(
            pinning, [new(World.Listed, 51820), new(World.ListedV6, 443)]));
    }

    internal string Name { get; }

    /// <summary>That of the namespace.</summary>
    internal NftTable Inside { get; }

    /// <summary>That of the host link.</summary>
    internal NftTable Host { get; }

    /// <summary>That of the endpoints.</summary>
    internal NftTable Pin { get; }

    internal IReadOnlyList<NftTable> All => [Inside, Host, Pin];

    internal T Run<T>(Func<T> work) => _netns.Inside(work);

    internal void Ensure() => All.ToList().ForEach(t => Run(() => t.Ensure(_ => { })));

    /// <summary>What differs, of all three.</summary>
    internal string Drift() => string.Join("; ", All.Select(t => Run(t.DriftHere)?.Detail).OfType<string>());

    /// <summary>What nf_tables reports of a table now; nothing where there is none.</summary>
    internal IReadOnlyList<RulesetPart> Parts(NftTable table) => Run(() =>
    {
        using var kernel = NfTablesSocket.Here();
        return kernel.Read(table.Name).Table is { } found ? RulesetIdentity.Of(found) : [];
    });

    /// <summary>Runs a shell command inside; INSIDE, HOST and PIN are the tables.</summary>
    internal string Nft(string command) => Shell.In(Name, $"sh -ec '{command
        .Replace("INSIDE", "inet " + Inside.Name, StringComparison.Ordinal)
        .Replace("HOST", "inet " + Host.Name, StringComparison.Ordinal)
        .Replace("PIN", "inet " + Pin.Name, StringComparison.Ordinal)}'");

    /// <summary>Loads a text in place of a table by nft itself.</summary>
    internal void Replace(NftTable table, string text, string nft = "nft")
    {
        File.WriteAllText($"/run/{Name}.nft", $"delete table inet {table.Name}\n{text}");
        Nft($"{nft} -f - < /run/{Name}.nft");
    }

    public void Dispose()
    {
        _netns.Dispose();
        Shell.Try($"rm -f {Folder}/{Name}.* /run/{Name}.nft");
    }

    private NftTable Of(string file, string table, string text) => NftTable.Of(table, text, $"{Folder}/{Name}.{file}");
}
