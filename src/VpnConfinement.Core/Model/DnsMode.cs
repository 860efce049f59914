using System.Text.Json.Serialization;

namespace VpnConfinement.Model;

/// <summary>How DNS is contained (option <c>dns.mode</c>).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<DnsMode>))]
public enum DnsMode
{
    /// <summary>Only the listed resolvers, and no helper of the host.</summary>
    [JsonStringEnumMemberName("strict")]
    Strict,

    /// <summary>Not at all; a listed resolver is only the default.</summary>
    [JsonStringEnumMemberName("compat")]
    Compat,
}
