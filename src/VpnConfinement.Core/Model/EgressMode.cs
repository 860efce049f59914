using System.Text.Json.Serialization;

namespace VpnConfinement.Model;

/// <summary>What may leave through the tunnel (option <c>egress.mode</c>).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<EgressMode>))]
public enum EgressMode
{
    /// <summary>Everything.</summary>
    [JsonStringEnumMemberName("allowAllTunnel")]
    AllowAllTunnel,

    /// <summary>What is listed.</summary>
    [JsonStringEnumMemberName("allowList")]
    AllowList,
}
