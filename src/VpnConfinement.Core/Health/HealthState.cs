using System.Text.Json.Serialization;

namespace VpnConfinement.Health;

/// <summary>The state of one part, from the best to the worst (docs/adr/0019). The worst of all parts decides the exit status.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HealthState>))]
public enum HealthState
{
    /// <summary>All of it is as applied, and it works.</summary>
    [JsonStringEnumMemberName("working")]
    Working,

    /// <summary>It is not wanted now: stopped by the administrator, on demand, or not installed yet.</summary>
    [JsonStringEnumMemberName("idle")]
    Idle,

    /// <summary>It is coming up, within its bound.</summary>
    [JsonStringEnumMemberName("waiting")]
    Waiting,

    /// <summary>It works, and something about it differs from what was applied or configured.</summary>
    [JsonStringEnumMemberName("degraded")]
    Degraded,

    /// <summary>It could not be told.</summary>
    [JsonStringEnumMemberName("unknown")]
    Unknown,

    /// <summary>It is cut off, and nothing gets out.</summary>
    [JsonStringEnumMemberName("blocked")]
    Blocked,

    /// <summary>A service or a unit of ours failed, ended at once, or is missing while one of a like name runs unconfined.</summary>
    [JsonStringEnumMemberName("failed")]
    Failed,

    /// <summary>Something may leak: a process on the host's network, a lost guard, a way out.</summary>
    [JsonStringEnumMemberName("open")]
    Open,
}
