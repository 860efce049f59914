using System.Globalization;
using System.Net;

namespace VpnConfinement.Compile.Nftables;

/// <summary>A named set, made of values of one type.</summary>
internal sealed class NamedSet
{
    private readonly string _type;
    private readonly bool _isInterval;
    private readonly string _elements;

    private NamedSet(string name, string type, bool isInterval, IEnumerable<string> elements) =>
        (Name, _type, _isInterval, _elements) = (name, type, isInterval, string.Join(", ", elements));

    internal string Name { get; }

    /// <summary>Those of the addresses that are of a family; it is part of the name.</summary>
    internal static NamedSet Addresses(string name, IpFamily family, IEnumerable<IPAddress> addresses) => new(
        $"{name}_{family.Suffix}", family.SetType, false, addresses.Where(family.Has).Distinct().Select(a => $"{a}"));

    /// <summary>Those of the prefixes that are of a family; no two may overlap.</summary>
    internal static NamedSet Prefixes(string name, IpFamily family, IEnumerable<IPNetwork> prefixes) => new(
        $"{name}_{family.Suffix}",
        family.SetType,
        true,
        prefixes.Where(p => family.Has(p.BaseAddress)).Select(p => $"{p}"));

    /// <summary>Ports of whatever protocol.</summary>
    internal static NamedSet Ports(string name, IEnumerable<ushort> ports) =>
        new(name, "inet_service", false, ports.Select(p => p.ToString(CultureInfo.InvariantCulture)));

    /// <summary>Those of the addresses with UDP ports that are of a family.</summary>
    internal static NamedSet Endpoints(string name, IpFamily family, IEnumerable<IPEndPoint> endpoints) => new(
        $"{name}_{family.Suffix}",
        $"{family.SetType} . inet_service",
        false,
        endpoints.Where(e => family.Has(e.Address)).Select(Text).Distinct().Order(StringComparer.Ordinal));

    /// <summary>
    /// nft refuses an empty element list, so a set without elements is declared without one: it matches nothing.
    /// </summary>
    public override string ToString() =>
        $"\tset {Name} {{\n\t\ttype {_type}\n{(_isInterval ? "\t\tflags interval\n" : "")}"
        + $"{(_elements.Length > 0 ? $"\t\telements = {{ {_elements} }}\n" : "")}\t}}\n";

    // From the bytes, so that no zone of a link-local address gets into the text.
    private static string Text(IPEndPoint endpoint) => string.Create(
        CultureInfo.InvariantCulture, $"{new IPAddress(endpoint.Address.GetAddressBytes())} . {endpoint.Port}");
}
