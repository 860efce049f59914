using System.Text.Json.Serialization;

namespace VpnConfinement.Verify;

/// <summary>What a line of a report is about.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<VerifyAspect>))]
public enum VerifyAspect
{
    /// <summary>Whether a thing is where it belongs, and as it was applied.</summary>
    [JsonStringEnumMemberName("confinement")]
    Confinement,

    /// <summary>Whether a packet left outside the tunnel.</summary>
    [JsonStringEnumMemberName("leak")]
    Leak,

    /// <summary>Whether what should work does.</summary>
    [JsonStringEnumMemberName("works")]
    Works,
}
