namespace VpnConfinement.Cli.Tests;

/// <summary>A working configuration below a folder, to be broken by a test.</summary>
internal static class Sample
{
    internal const string PrivateKey = "AQIDBAUGBwgJCgsMDQ4PEBESExQVFhcYGRobHB0eHyA=";

    internal const string PublicKey = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";

    internal const string Config = """
        [namespaces.media]
        wireguard.configFile = "/etc/wireguard/provider.conf"
        publishToHost.tcp = [9091]

        [services.downloader.vpn]
        namespace = "media"
        """;

    internal const string Provider = $"""
        [Interface]
        PrivateKey = {PrivateKey}
        Address = 10.64.0.2/32
        DNS = 10.64.0.1

        [Peer]
        PublicKey = {PublicKey}
        AllowedIPs = 0.0.0.0/0
        Endpoint = 203.0.113.10:51820
        """;

    internal static (string Config, string Root) In(TemporaryFolder folder, string config = Config, string provider = Provider)
    {
        var file = folder.Write("root/etc/wireguard/provider.conf", provider);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        folder.Write("root/usr/lib/systemd/system/downloader.service", "[Service]\nUser=downloader\nExecStart=/usr/bin/downloader\n");
        return (folder.Write("config.toml", config), folder.PathOf("root"));
    }
}
