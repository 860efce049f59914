using System.Text.Json.Serialization;

namespace VpnConfinement.Linux.Status;

/// <summary>What a look at the system came to. Not knowing is not passing.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<Verdict>))]
public enum Verdict
{
    /// <summary>As it should be.</summary>
    [JsonStringEnumMemberName("ok")]
    Ok,

    /// <summary>Not as it should be: drift, or a process outside its namespace.</summary>
    [JsonStringEnumMemberName("bad")]
    Bad,

    /// <summary>It could not be told.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,
}
