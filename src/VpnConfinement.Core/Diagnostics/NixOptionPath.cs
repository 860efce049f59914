namespace VpnConfinement.Diagnostics;

/// <summary>Where an option of the configuration stands in a NixOS system (<c>nix/module.nix</c>).</summary>
public static class NixOptionPath
{
    /// <summary>The option's path there.</summary>
    /// <param name="path">Its path in the configuration, as <c>namespaces.media.dns.servers</c>.</param>
    public static string Of(string path) => path.Split('.')[0] switch
    {
        "" => "",
        "services" or "sockets" => "systemd." + path,
        "wireguard" => "networking." + path,
        _ => "services.vpnConfinement." + path,
    };
}
