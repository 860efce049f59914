using System.Text.Json.Serialization;

namespace VpnConfinement.Model;

/// <summary>Which WireGuard to use (option <c>wireguard.implementation</c>).</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WireGuardImplementation>))]
public enum WireGuardImplementation
{
    /// <summary>The kernel's device where the kernel has it, else a userspace one.</summary>
    [JsonStringEnumMemberName("auto")]
    Auto,

    /// <summary>The kernel's device or nothing.</summary>
    [JsonStringEnumMemberName("kernel")]
    Kernel,

    /// <summary>wireguard-go, never the kernel's device.</summary>
    [JsonStringEnumMemberName("userspace")]
    Userspace,
}
