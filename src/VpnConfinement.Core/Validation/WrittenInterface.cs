using System.Net.Sockets;
using VpnConfinement.Config;
using VpnConfinement.Model;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>An interface as written, and where.</summary>
/// <param name="Name">Its checked name.</param>
/// <param name="Config">What was written.</param>
/// <param name="Namespace">The namespace that uses it.</param>
/// <param name="FromFile">Whether it comes from a wg-quick file, whose keys count as key files.</param>
internal sealed record WrittenInterface(InterfaceName Name, InterfaceConfig Config, NamespaceConfig Namespace, bool FromFile)
{
    /// <summary>Option path of its table, which may stand beside a wg-quick file.</summary>
    internal string TablePath => "wireguard.interfaces." + Name;

    /// <summary>The same as one writes it in TOML.</summary>
    internal string TableInToml => "wireguard.interfaces." + TomlKey.Of(Name.ToString());

    /// <summary>The key file that a hook of the wg-quick file would set; null for none.</summary>
    internal Located<string>? HookKeyFile { get; init; }

    /// <summary>Whether it has both an IPv6 address and an IPv6 allowed IP.</summary>
    internal bool CanTunnelIPv6 => Config.Addresses.Any(a => IsIPv6(a.Value))
        && Config.Peers.SelectMany(p => p.AllowedIPs).Any(a => IsIPv6(a.Value));

    /// <summary>The option that a setting of the interface was written under: for all of a wg-quick file it is the one that names the file.</summary>
    internal string Option(string name) => FromFile ? Namespace.Path + ".wireguard.configFile" : $"{TablePath}.{name}";

    /// <summary>The same for a setting of a peer.</summary>
    internal string PeerOption(int index, string name) => Option($"peers[{index}].{name}");

    private static bool IsIPv6(string text) => IpText.TryParseAddressWithPrefix(text, out var address, out _)
        && address.AddressFamily == AddressFamily.InterNetworkV6;
}
