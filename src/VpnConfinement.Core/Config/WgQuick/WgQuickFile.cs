namespace VpnConfinement.Config.WgQuick;

/// <summary>A wg-quick file as written.</summary>
/// <param name="Interface">Its interface and peers, as the configuration's own tables have them.</param>
/// <param name="DnsServers">The addresses of its <c>DNS</c> lines.</param>
/// <param name="DnsSearch">The domains of its <c>DNS</c> lines.</param>
/// <param name="HookKeyFile">The key file that a hook would set, as wg-quick(8) proposes; null for none.</param>
public sealed record WgQuickFile(
    InterfaceConfig Interface,
    IReadOnlyList<Located<string>> DnsServers,
    IReadOnlyList<Located<string>> DnsSearch,
    Located<string>? HookKeyFile);
