using VpnConfinement.Model;

namespace VpnConfinement.Config;

/// <summary>A form that a text has.</summary>
/// <param name="Name">What it is, as a noun with its article.</param>
/// <param name="Plural">The same, of several.</param>
/// <param name="Rule">What it looks like, in words.</param>
/// <param name="Pattern">
/// The form as a regular expression (ECMA 262, for the schema): it refuses nothing that the validator accepts. The validator has parsers of its own, and tests hold
/// the two against each other.
/// </param>
public sealed record TextForm(string Name, string Plural, string Rule, string Pattern)
{
    private const string Octet = "(25[0-5]|2[0-4][0-9]|1[0-9][0-9]|[1-9]?[0-9])";
    private const string IPv4 = $@"({Octet}\.){{3}}{Octet}";
    private const string Hex = "[0-9A-Fa-f]{1,4}";

    private const string IPv6 =
        $"(({Hex}:){{7}}{Hex}|({Hex}:){{1,7}}:|({Hex}:){{1,6}}:{Hex}|({Hex}:){{1,5}}(:{Hex}){{1,2}}|({Hex}:){{1,4}}(:{Hex}){{1,3}}"
        + $"|({Hex}:){{1,3}}(:{Hex}){{1,4}}|({Hex}:){{1,2}}(:{Hex}){{1,5}}|{Hex}:(:{Hex}){{1,6}}|:((:{Hex}){{1,7}}|:))";

    private const string Prefix = $"({IPv4}(/([12]?[0-9]|3[0-2]))?|{IPv6}(/([1-9]?[0-9]|1[01][0-9]|12[0-8]))?)";
    private const string PortNumber = "([1-9][0-9]{0,3}|[1-5][0-9]{4}|6[0-4][0-9]{3}|65[0-4][0-9]{2}|655[0-2][0-9]|6553[0-5])";
    private const string Label = "[A-Za-z0-9_]([A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?";

    // What Visible takes for a control, format or line separator character, as ranges, because few dialects know Unicode's categories.
    private const string Unprintable =
        @"\u0000-\u001f\u007f-\u009f\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u180e\u200b-\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb";

    // No empty part, no part of one or two dots.
    private const string PathParts = $@"(/(?!\.{{1,2}}(/|$))[^/{Unprintable}]+)+";

    /// <summary>A namespace of the configuration.</summary>
    public static TextForm Namespace { get; } = new("a namespace name", "namespace names", "1 to 64 of A-Z a-z 0-9 _ . -, the first and the last a letter or digit; not init", "^(?!init$)[A-Za-z0-9]([A-Za-z0-9_.-]{0,62}[A-Za-z0-9])?$");

    /// <summary>A network namespace of the host, <c>init</c> for its own.</summary>
    public static TextForm Netns { get; } = new("a network namespace name or init", "network namespace names", "as a namespace name; init is the network namespace of the host itself", "^[A-Za-z0-9]([A-Za-z0-9_.-]{0,62}[A-Za-z0-9])?$");

    /// <summary>A network interface.</summary>
    public static TextForm Interface { get; } = new("an interface name", "interface names", "1 to 15 of A-Z a-z 0-9 _ . -, the first and the last a letter or digit; not all, default or lo", "^(?!(all|default|lo)$)[A-Za-z0-9]([A-Za-z0-9_.-]{0,13}[A-Za-z0-9])?$");

    /// <summary>A service.</summary>
    public static TextForm Service { get; } = new("a service name", "service names", "the unit's own name, with or without .service; also a template (app@) or an instance (app@x); a name with @ or . stands in quotes: [services.\"app@x\".vpn]", UnitPattern("service"));

    /// <summary>A socket unit.</summary>
    public static TextForm Socket { get; } = new("a socket name", "socket names", "the unit's own name, with or without .socket; also a template (app@) or an instance (app@x); a name with @ or . stands in quotes: [sockets.\"app@x\".vpn]", UnitPattern("socket"));

    /// <summary>An absolute path.</summary>
    public static TextForm Path { get; } = new("an absolute path", "absolute paths", "the whole path from / on, without . and .. and doubled slashes", $"^{PathParts}$");

    /// <summary>A path below <c>/run</c>.</summary>
    public static TextForm RunPath { get; } = new("a path below /run", "paths below /run", "a path that begins with /run/, without a colon", $"^(?=/run/)(?!.*:){PathParts}$");

    /// <summary>An IP address.</summary>
    public static TextForm Address { get; } = new("an IP address", "IP addresses", "four decimal numbers without leading zeros, or IPv6 without a zone or dotted part", $"^({IPv4}|{IPv6})$");

    /// <summary>An address of an interface.</summary>
    public static TextForm InterfaceAddress { get; } = new("an IP address with prefix length", "IP addresses with prefix length", "an IP address, a slash and the prefix length; an address alone is its whole length", $"^{Prefix}$");

    /// <summary>A prefix, or an address for itself alone.</summary>
    public static TextForm Cidr { get; } = new("a prefix or an IP address", "prefixes or IP addresses", "an IP address, a slash and the prefix length, bits after the prefix are cleared; an address alone is itself only", $"^{Prefix}$");

    /// <summary>The subnet of a host link.</summary>
    public static TextForm Subnet30 { get; } = new("an IPv4 /30", "IPv4 /30", "an IPv4 address that is a multiple of 4, and /30", $"^{IPv4}/30$");

    /// <summary>A domain.</summary>
    public static TextForm Domain { get; } = new("a domain", "domains", "labels of A-Z a-z 0-9 _ -, with dots between them", $@"^(?=.{{1,254}}$)({Label}\.)*{Label}\.?$");

    /// <summary>Where a peer is. A last label of digits is a misspelt address, never a name.</summary>
    public static TextForm Endpoint { get; } = new(
        "address:port, [IPv6]:port or hostname:port", "endpoints", "an IPv4 address and a port, an IPv6 address in brackets and a port, or a hostname and a port", $@"^({IPv4}|\[{IPv6}\]|(?=.{{1,254}}:)({Label}\.)*(?!([0-9]+|0[xX][^.]*)\.?:){Label}\.?):{PortNumber}$");

    /// <summary>A page of the web, without a user's name: what stands in it is shown to others.</summary>
    public static TextForm WebPage { get; } = new("a web page", "web pages", "http:// or https://, an address, an IPv6 address in brackets or a hostname, perhaps a port, and a path of printable ASCII", $@"^https?://({IPv4}|\[{IPv6}\]|({Label}\.)*(?!([0-9]+|0[xX][^.]*)\.?[:/]){Label}\.?)(:{PortNumber})?(/[!-~]*)?$");

    /// <summary>Where the host listens.</summary>
    public static TextForm Listen { get; } = new("address:port, *:port or unix:path", "listen addresses", "an address and a port, * for every address of the host, or unix: and an absolute path", $@"^(({IPv4}|\[{IPv6}\]|\*):{PortNumber}|unix:{PathParts})$");

    /// <summary>An address family.</summary>
    public static TextForm AddressFamily { get; } = new("an AF_ name", "AF_ names", "a name of address_families(7)", "^AF_[A-Z0-9_]{1,29}$");

    /// <summary>A capability.</summary>
    public static TextForm Capability { get; } = new("a CAP_ name", "CAP_ names", "a name of capabilities(7)", $"^({string.Join('|', CapabilityNames.All.Order(StringComparer.Ordinal))})$");

    /// <summary>A public key. The last character carries two bits that must be zero.</summary>
    public static TextForm Key { get; } = new("a key", "keys", "32 bytes in base64: 44 characters that end in =", KeyPattern);

    /// <summary>All forms.</summary>
    internal static IReadOnlyList<TextForm> All { get; } =
        [Namespace, Netns, Interface, Service, Socket, Path, RunPath, Address, InterfaceAddress, Cidr, Subnet30, Domain, Endpoint, Listen, AddressFamily, Capability, Key];

    /// <summary>A mark as text.</summary>
    internal const string MarkPattern = "^(0[xX][0-9A-Fa-f]{1,8}|0|[1-9][0-9]{0,9})$";

    /// <summary>A key of 32 bytes in base64.</summary>
    internal const string KeyPattern = "^[A-Za-z0-9+/]{42}[AEIMQUYcgkosw048]=$";

    private static string UnitPattern(string own) =>
        $@"^(?!.*-(\.{own})?$)(?!.*\.({string.Join('|', UnitName.Types.Where(t => t != own))})(\.{own})?$)"
        + $@"(?!.*\.{own}\.{own}$)(?=.{{1,{UnitName.MaxLength - 1 - own.Length}}}(\.{own})?$)"
        + @"[A-Za-z0-9:_\\-][A-Za-z0-9:_.\\@-]*$";
}
