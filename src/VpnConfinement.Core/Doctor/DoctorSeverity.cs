using System.Text.Json.Serialization;

namespace VpnConfinement.Doctor;

/// <summary>
/// How much a finding of <c>doctor</c> weighs, from the least to the most. The most decides the exit status.
/// </summary>
[JsonConverter(typeof(JsonStringEnumConverter<DoctorSeverity>))]
public enum DoctorSeverity
{
    /// <summary>Good to know; nothing is wrong.</summary>
    [JsonStringEnumMemberName("notice")]
    Notice,

    /// <summary>It works now, and something will go wrong or is not enforced.</summary>
    [JsonStringEnumMemberName("warning")]
    Warning,

    /// <summary>It could not be told.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,

    /// <summary>It does not work.</summary>
    [JsonStringEnumMemberName("error")]
    Error,
}
