using System.Net;
using VpnConfinement.Linux.Exec;
using VpnConfinement.Linux.Files;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Netlink;
using VpnConfinement.Linux.Netlink.Route;
using VpnConfinement.Linux.Runtime;
using VpnConfinement.Plan;
using VpnConfinement.Text;
using VpnConfinement.Verify;

namespace VpnConfinement.Linux.Verify;

/// <summary>
/// Asks the page that <c>verify.url</c> names from which address it is asked. curl does, run by <c>exec</c> as nobody:
/// it sees the resolver and the network of the namespace, and no more.
/// </summary>
internal static class SeenAddress
{
    /// <summary>Name of the check, as docs/verify.md lists it.</summary>
    internal const string Check = "seen-address";

    private const string User = "nobody";
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);

    // No file of the user's, no proxy; an answer is an address, not a film.
    private static readonly string[] Curl =
    [
        "curl", "--disable", "--silent", "--show-error", "--fail", "--location", "--max-redirs", "3",
        "--proto", "=http,https", "--noproxy", "*", "--max-time", "10", "--max-filesize", "65536", "--",
    ];

    /// <summary>The line about it; null where no page is named.</summary>
    /// <param name="ns">A namespace that is up.</param>
    internal static VerifyLine? Ask(string ns)
    {
        if (StateFile.Read(StateLayout.VerifyUrl(ns))?.Trim() is not { Length: > 0 } url)
        {
            return null;
        }

        var answer = ChildProcess.Run(
            Environment.ProcessPath ?? throw new SystemFailure("the path of this program is not known"),
            ["exec", ns, "--user", User, "--chdir", "/", "--pipe", "--", .. Curl, url],
            ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL=C"],
            Patience);
        var said = Visible.Text(answer.Error.Trim().ReplaceLineEndings(" "));
        return answer.Status switch
        {
            0 => OfPage(ns, url, answer.Output),
            CommandEnd.NotFound or CommandEnd.CannotRun => Line(
                ns, VerifyOutcome.Inconclusive, $"curl, which asks {url}, cannot be run",
                "install curl, or take verify.url out"),
            CommandEnd.Failed or CommandEnd.TunnelLost or > 128 => Line(
                ns, VerifyOutcome.Inconclusive, $"{url} could not be asked: {said}",
                $"run 'vpn-confinement verify {ns}' again"),
            _ => Line(
                ns, VerifyOutcome.Fail, $"{url} did not answer through the tunnel: {said}",
                $"try 'vpn-confinement exec {ns} -- curl {url}', or name another page in verify.url"),
        };
    }

    private static VerifyLine OfPage(string ns, string url, string page)
    {
        if (SeenAddressText.Find(page) is not { } address)
        {
            return Line(
                ns, VerifyOutcome.Inconclusive, $"what {url} answered has no address in it",
                "name a page in verify.url that says from which address it was asked");
        }

        using var host = NetlinkSocket.OpenHere(NetlinkConstants.NETLINK_ROUTE);
        return Links.List(host).FirstOrDefault(l => Addresses.List(host, l).Any(a => a.Address.Equals(address)))
            is { } link
            ? Line(
                ns, VerifyOutcome.Fail, $"{url} saw {address}, which this host has on {link.Name}",
                $"stop the services of {ns}, then run 'vpn-confinement apply'") with { Aspect = VerifyAspect.Leak }
            : Line(ns, VerifyOutcome.Pass, $"the world sees {address}, says {url}", null);
    }

    private static VerifyLine Line(string ns, VerifyOutcome outcome, string evidence, string? next) =>
        new(VerifyAspect.Works, Check, ns, null, outcome, evidence, next);
}
