using System.Text.Json.Serialization;

namespace VpnConfinement.Verify;

/// <summary>What a line of a report says, from the best to the worst. Not knowing is not passing.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<VerifyOutcome>))]
public enum VerifyOutcome
{
    /// <summary>It was tried, and it holds.</summary>
    [JsonStringEnumMemberName("pass")]
    Pass,

    /// <summary>It could not be tried, or what was seen proves nothing.</summary>
    [JsonStringEnumMemberName("inconclusive")]
    Inconclusive,

    /// <summary>It was tried, and it does not hold.</summary>
    [JsonStringEnumMemberName("fail")]
    Fail,
}
