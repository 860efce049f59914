using System.Text.Json.Serialization;

namespace VpnConfinement.Health;

/// <summary>The kinds of parts that have a state.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<HealthKind>))]
public enum HealthKind
{
    /// <summary>What belongs to no one namespace: the configuration, what is kept, a pending change.</summary>
    [JsonStringEnumMemberName("host")]
    Host,

    /// <summary>A namespace: netns, ruleset, host link, files, units, watcher.</summary>
    [JsonStringEnumMemberName("namespace")]
    Namespace,

    /// <summary>The tunnel of a namespace.</summary>
    [JsonStringEnumMemberName("tunnel")]
    Tunnel,

    /// <summary>The resolvers of a namespace.</summary>
    [JsonStringEnumMemberName("resolver")]
    Resolver,

    /// <summary>A confined service.</summary>
    [JsonStringEnumMemberName("service")]
    Service,

    /// <summary>A confined socket unit.</summary>
    [JsonStringEnumMemberName("socket")]
    Socket,

    /// <summary>A published port.</summary>
    [JsonStringEnumMemberName("published")]
    Published,
}
