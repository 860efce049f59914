using System.Collections.Frozen;

namespace VpnConfinement.Config.WgQuick;

/// <summary>
/// The keys by which AmneziaWG (amneziawg-tools 3.1, src/config.c; versions 1.0 to 1.5 before it) extends a wg-quick
/// file, and which of their values are those of plain WireGuard: no padding, the four message types, nothing of 3.x.
/// </summary>
internal static class AmneziaSettings
{
    // Each with what a plain WireGuard peer speaks; null: it changes no packet that such a peer reads.
    // Junk before a handshake is none of its messages, and it drops them.
    private static readonly FrozenDictionary<string, string?> Plain = new Dictionary<string, string?>
    {
        ["Jc"] = null, ["Jmin"] = null, ["Jmax"] = null, ["Itime"] = null,
        ["I1"] = null, ["I2"] = null, ["I3"] = null, ["I4"] = null, ["I5"] = null,
        ["J1"] = null, ["J2"] = null, ["J3"] = null,
        ["S1"] = "0", ["S2"] = "0", ["S3"] = "0", ["S4"] = "0",
        ["H1"] = "1", ["H2"] = "2", ["H3"] = "3", ["H4"] = "4",
        ["HeaderProtectionKey"] = "", ["ContentPaddingAddition"] = "0", ["RandomTrailers"] = "0",
        ["DisableCookies"] = "0", ["RekeyAfterTime"] = "120", ["RekeyTimeout"] = "5", ["RejectAfterTime"] = "180",
        ["KeepaliveTimeout"] = "10", ["MaxHandshakeAttempts"] = "18", ["AdvancedSecurity"] = "off",
    }.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a key is one of AmneziaWG's.</summary>
    internal static bool Has(string key) => Plain.ContainsKey(key);

    /// <summary>Whether a plain WireGuard server speaks what the value asks for.</summary>
    internal static bool IsPlain(string key, string value) =>
        value.Length == 0 || Plain[key] is not { } plain || value == plain
        || (plain == "0" && value.ToUpperInvariant() is "OFF" or "FALSE" or "NO");

    /// <summary>Whether a value asks for packets before a handshake; a plain WireGuard client sends none.</summary>
    internal static bool IsJunk(string key, string value) =>
        value is not ("" or "0")
        && key.ToUpperInvariant() is "JC" or "I1" or "I2" or "I3" or "I4" or "I5" or "J1" or "J2" or "J3";
}
