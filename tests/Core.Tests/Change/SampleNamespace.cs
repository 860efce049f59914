using VpnConfinement.Compile;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.State;

namespace VpnConfinement.Core.Tests.Change;

/// <summary>A namespace of a compiled tree, with no more in it than a change tells apart.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Services">The services that are confined in it.</param>
internal sealed record SampleNamespace(string Name, params string[] Services)
{
    internal string Ruleset { get; init; } = "rules";

    internal int Mtu { get; init; } = 1420;

    internal string Address { get; init; } = "10.64.0.2";

    internal string[] Published { get; init; } = [];

    internal string Listen { get; init; } = "8080";

    private string Interface => "wg-" + Name;

    internal static CompiledTree Tree(params SampleNamespace[] namespaces) => new()
    {
        Files = [.. namespaces.SelectMany(n => n.Files()).OrderBy(f => f.Path, StringComparer.Ordinal)],
        Keys = [],
        Plans = [.. namespaces.Select(n => n.Plan())],
        Namespaces = [.. namespaces.Select(n => new ManifestNamespace(
            n.Name, n.Interface, [.. n.Services.Select(s => new ManifestUnit(s, null, false))], n.Published))],
    };

    internal static string DropIn(string unit) => $"{StateLayout.UnitFolder}/{unit}.d/z.conf";

    private IEnumerable<GeneratedFile> Files() =>
    [
        new(StateLayout.Plan(Name), PlanJson.Write(Plan()), Name, null),
        new(StateLayout.Ruleset(Name), Ruleset, Name, null),
        new($"{StateLayout.UnitFolder}/{StateLayout.WireGuardUnit(Interface)}", "unit of " + Name, Name, null),
        .. Services.Select(s => new GeneratedFile(DropIn(s), Name, Name, s)),
        .. Published.Select(p => new GeneratedFile($"{StateLayout.UnitFolder}/{p}", Listen, Name, p)),
    ];

    private NamespacePlan Plan() => new()
    {
        Version = NamespacePlan.CurrentVersion,
        Namespace = Name,
        RulesetSha256 = ContentHash.Of(Ruleset),
        DisableIPv6 = true,
        HostLink = null,
        PinnedFiles = [],
        Pinning = null,
        Policy = null,
        WireGuard = new WireGuardPlan
        {
            Interface = InterfaceName.TryParse(Interface, out var link) ? link : throw new FormatException(Interface),
            Implementation = WireGuardImplementation.Auto,
            Addresses = [new InterfaceAddress(System.Net.IPAddress.Parse(Address), 32)],
            Routes = [],
            Mtu = Mtu,
            ListenPort = null,
            FwMark = 1,
            PrivateKeyFile = "/k",
            GeneratePrivateKey = false,
            Birthplace = null,
            BirthplaceManaged = false,
            Resolvers = [],
            Peers = [],
        },
    };
}
