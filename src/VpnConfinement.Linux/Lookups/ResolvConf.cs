using System.Net;
using VpnConfinement.Linux.Files;

namespace VpnConfinement.Linux.Lookups;

/// <summary>The resolvers of a network namespace that is not ours, as <c>ip netns exec</c> has them (ip-netns(8)).</summary>
internal static class ResolvConf
{
    // MAXNS of resolv.conf(5).
    private const int MostServers = 3;

    /// <summary>The name servers of <c>/etc/netns/NAME/resolv.conf</c>, or of <c>/etc/resolv.conf</c> where there is no such file.</summary>
    internal static IReadOnlyList<IPAddress> Servers(string netns) =>
        Parse(StateFile.Read($"/etc/netns/{netns}/resolv.conf") ?? StateFile.Read("/etc/resolv.conf") ?? "");

    /// <summary>The name servers of such a file's text.</summary>
    internal static IReadOnlyList<IPAddress> Parse(string text) =>
    [
        .. text.Split('\n').Select(line => line.Split([' ', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries))
            .Where(words => words.Length > 1 && words[0] == "nameserver")
            .Select(words => IPAddress.TryParse(words[1], out var address) ? address : null).OfType<IPAddress>().Take(MostServers),
    ];
}
