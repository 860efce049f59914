using System.Globalization;
using VpnConfinement.Lab.Machines;

namespace VpnConfinement.E2e.Tests;

/// <summary>
/// What the host links of a machine were like over a stretch of time: looked at after each event of the kernel, and
/// twice a second. Names, flags, master, MTU, addresses, routes and routing rules.
/// </summary>
internal sealed class LinkSamples
{
    private const string Program = "/root/link-samples";
    private const string Log = "/root/link-samples.log";
    private const string Unit = "link-samples";

    // Numbers of links differ once one is made anew, which is a repair. IFF_DYNAMIC, which connman sets, is a note that
    // the kernel does not heed (netdevice(7)).
    private const string Script = """
        look() {
            for link in vh-media vh-second; do
                echo "== $link"
                ip -o -d link show dev $link; ip -o address show dev $link
                ip route show table all dev $link; ip -6 route show table all dev $link
                echo "disable_ipv6 $(cat /proc/sys/net/ipv6/conf/$link/disable_ipv6)"
            done
            for ns in media second; do
                echo "== $ns"
                nsenter --net=/run/netns/$ns ip -o address; nsenter --net=/run/netns/$ns ip route
            done
            echo "== host"
            ip route show type unreachable; ip route show 169.254.0.0/16; ip rule | grep vh-
        }
        last=
        exec >/root/link-samples.log
        ip monitor link address route rule | while :; do
            now=$(look 2>&1 |
                sed -e 's/^[0-9]*: //' -e 's/@if[0-9]*//' -e 's/DYNAMIC,//' -e 's/link-netns[^ ]* [^ ]*//')
            [ "$now" = "$last" ] || printf '@%s\n%s\n' "$(date +%s.%N)" "$now"
            last=$now
            ! IFS= read -r -t 0.5 line || for i in $(seq 50); do read -r -t 0.01 line || break; done
        done

        """;

    private readonly BadHostFixture _host;

    private LinkSamples(BadHostFixture host) => _host = host;

    /// <summary>Begins, and waits for the first look.</summary>
    internal static LinkSamples Begin(BadHostFixture host)
    {
        host.Write(Program, Script);
        host.Shell($"rm -f {Log}; systemd-run --quiet --unit={Unit} /bin/bash {Program}").OrThrow();
        Eventually.Holds("the host links are looked at", () => host.Exists(Log) && host.Read(Log).Contains("== host"));
        return new LinkSamples(host);
    }

    /// <summary>
    /// Ends, and gives the longest time without a break for which something was not as it was at first.
    /// </summary>
    /// <param name="changes">What was seen besides, each with what differs from the first look.</param>
    internal TimeSpan End(out IReadOnlyList<string> changes)
    {
        _host.Shell($"date +@%s.%N; systemctl stop {Unit}; date +@%s.%N >> {Log}").OrThrow();
        var looks = _host.Read(Log).Split('@', StringSplitOptions.RemoveEmptyEntries)
            .Select(text => text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
            .Select(lines => (At: double.Parse(lines[0], CultureInfo.InvariantCulture), Lines: lines[1..])).ToList();
        var (longest, since, told) = (0.0, (double?)null, new List<string>());
        foreach (var (at, lines) in looks)
        {
            longest = Math.Max(longest, at - (since ?? at));
            var more = lines.Except(looks[0].Lines).Select(line => $"+ {line.Trim()}");
            var less = looks[0].Lines.Except(lines).Select(line => $"- {line.Trim()}");
            if (lines.Length == 0 || !more.Concat(less).Any())
            {
                since = null;
                continue;
            }

            since ??= at;
            told.Add($"{at - looks[0].At:0.00} s: {string.Join("; ", more.Concat(less))}");
        }

        changes = told;
        return TimeSpan.FromSeconds(longest);
    }
}
