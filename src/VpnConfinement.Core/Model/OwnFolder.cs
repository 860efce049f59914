namespace VpnConfinement.Model;

/// <summary>The folders of this program on a host.</summary>
public static class OwnFolder
{
    /// <summary>What outlives a boot.</summary>
    public const string State = "/var/lib/vpn-confinement";

    /// <summary>What is only for this boot.</summary>
    public const string Run = "/run/vpn-confinement";

    /// <summary>The configuration.</summary>
    public const string Configuration = "/etc/vpn-confinement";

    private static readonly string[] All = [State, Run, Configuration];

    /// <summary>Whether a path is one of them or lies in one.</summary>
    internal static bool Holds(string path) => Array.Exists(All, folder => HostPath.IsIn(path, folder));
}
