using System.Net;
using System.Text;
using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.Plan;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC063: sockets of the host that lead into a namespace.</summary>
internal static class PublishRules
{
    private const string ListenRule = "Write 127.0.0.1:8080, [::1]:8080, 192.168.1.5:8080, *:8080 or unix:/run/name.sock.";
    private const string UnixPrefix = "unix:";

    // Bytes of sun_path (unix(7)) less the final NUL.
    private const int MostPathBytes = 107;

    // Ours, and the host's own: a socket there would take the place of something, or be taken for it.
    private static readonly string[] Kept =
        [StateLayout.StateFolder, "/etc", "/dev", "/proc", "/sys", "/usr", "/boot", "/run/udev"];

    /// <summary>The published ports of a namespace; what is refused is left out, with a finding.</summary>
    internal static IReadOnlyList<PublishedPort> Check(NamespaceConfig ns, IReadOnlyList<(NamespaceConfig Namespace, IPNetwork Subnet)> hostLinks, DiagnosticBag findings)
    {
        var ports = new List<PublishedPort>();
        foreach (var (entry, index) in ns.Publish.Select((p, i) => (p, i)))
        {
            var path = PathOf(ns, index);
            if (entry.Listen is null)
            {
                findings.Error("VPC063", path + ".listen", entry.Span, "An entry of publish needs listen: where the host listens.", ListenRule);
            }

            if (entry.To is null)
            {
                findings.Error("VPC063", path + ".to", entry.Span, "An entry of publish needs to: a TCP port in the namespace.", "Write to = 8080 with the port on which the service listens.");
            }

            if (entry.Listen is { } listen && Listen(listen, path + ".listen", hostLinks, findings) is { } address && entry.To is { } to)
            {
                ports.Add(new PublishedPort(address, (ushort)to.Value));
            }
        }

        return ports;
    }

    /// <summary>Over all enabled namespaces: no two may listen in the same place.</summary>
    internal static void CheckClashes(ConfigFile config, DiagnosticBag findings)
    {
        var seen = new List<(NamespaceConfig Namespace, ListenAddress Address, Located<string> Listen)>();
        foreach (var ns in config.Namespaces.Where(n => n.Enable))
        {
            foreach (var (entry, index) in ns.Publish.Select((p, i) => (p, i)))
            {
                if (entry.Listen is not { } listen || Parse(listen.Value) is not { } address)
                {
                    continue;
                }

                if (seen.FirstOrDefault(s => Meet(s.Address, address)) is { Listen: { } other } first)
                {
                    findings.Error(
                        "VPC063", PathOf(ns, index) + ".listen", listen.Span,
                        $"{Visible.Text(listen.Value)} clashes with {Visible.Text(other.Value)} of namespace {Visible.Text(first.Namespace.Name.Value)} at {other.Span}.",
                        address is ListenAddress.Unix ? "Choose another path." : "Choose another port of the host.");
                }

                seen.Add((ns, address, listen));
            }
        }
    }

    private static string PathOf(NamespaceConfig ns, int index) => $"{ns.Path}.publish[{index}]";

    // What a text means, or null where it means nothing; whether one may listen there is another question.
    private static ListenAddress? Parse(string text)
    {
        if (text.StartsWith(UnixPrefix, StringComparison.Ordinal))
        {
            return new ListenAddress.Unix(text[UnixPrefix.Length..]);
        }

        if (text.StartsWith("*:", StringComparison.Ordinal))
        {
            return IpText.TryParseNumber(text.AsSpan(2), 65535, out var port) && port > 0 ? new ListenAddress.AnyTcp((ushort)port) : null;
        }

        return IpText.TryParseEndpoint(text, out var endpoint) ? new ListenAddress.Tcp(endpoint) : null;
    }

    private static bool Meet(ListenAddress a, ListenAddress b) => (a, b) switch
    {
        (ListenAddress.Unix x, ListenAddress.Unix y) => HostPath.IsIn(y.Path, x.Path) || HostPath.IsBelow(x.Path, y.Path),
        (ListenAddress.AnyTcp x, ListenAddress.AnyTcp y) => x.Port == y.Port,
        (ListenAddress.AnyTcp x, ListenAddress.Tcp y) => x.Port == y.EndPoint.Port,
        (ListenAddress.Tcp x, ListenAddress.AnyTcp y) => x.EndPoint.Port == y.Port,
        (ListenAddress.Tcp x, ListenAddress.Tcp y) => x.EndPoint.Equals(y.EndPoint),
        _ => false,
    };

    private static ListenAddress? Listen(Located<string> listen, string path, IReadOnlyList<(NamespaceConfig Namespace, IPNetwork Subnet)> hostLinks, DiagnosticBag findings)
    {
        var address = Parse(listen.Value);
        var fault = address switch
        {
            null => ($"'{Visible.Text(listen.Value)}' is no place to listen.", ListenRule),
            ListenAddress.Unix unix => UnixFault(unix.Path),
            ListenAddress.Tcp tcp => TcpFault(tcp.EndPoint, hostLinks),
            ListenAddress.AnyTcp => null,
            _ => throw new InvalidOperationException("a listening address of an unknown kind"),
        };
        if (fault is not var (message, remedy))
        {
            return address;
        }

        findings.Error("VPC063", path, listen.Span, message, remedy);
        return null;
    }

    private static (string Message, string Remedy)? TcpFault(IPEndPoint endpoint, IReadOnlyList<(NamespaceConfig Namespace, IPNetwork Subnet)> hostLinks)
    {
        var address = endpoint.Address;
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        {
            return ($"{address} is no address of one interface.", $"Write *:{endpoint.Port} to listen on every address of the host.");
        }

        if (!IPAddress.IsLoopback(address) && (!UnicastAddress.IsValid(address) || address.IsIPv6LinkLocal))
        {
            return ($"The host cannot listen on {address}.", "Write an address of the host, as 127.0.0.1 or 192.168.1.5.");
        }

        foreach (var (ns, subnet) in hostLinks.Where(l => l.Subnet.Contains(address)))
        {
            return ($"{address} belongs to the host link of namespace {Visible.Text(ns.Name.Value)}, over which a namespace may not call the host.", "Write an address of the host, as 127.0.0.1 or 192.168.1.5.");
        }

        return null;
    }

    private static (string Message, string Remedy)? UnixFault(string path)
    {
        if (!AbsolutePath.IsValid(path) || path.Any(c => char.IsWhiteSpace(c) || c is '"' or '\'' or '\\' or ';'))
        {
            return ($"'{Visible.Text(path)}' is not an absolute path that a socket unit can have.", "Write the whole path from / on, without '.', '..', doubled slashes, spaces, quotes, backslashes and semicolons, as unix:/run/name.sock.");
        }

        if (Encoding.UTF8.GetByteCount(path) > MostPathBytes)
        {
            return ($"The path has {Encoding.UTF8.GetByteCount(path)} bytes, and that of a socket may have {MostPathBytes}.", "Choose a shorter path.");
        }

        // /var/run is a link to /run.
        var real = HostPath.IsIn(path, "/var/run") ? path["/var".Length..] : path;
        var kept = Kept.Concat(HostSockets.Kept).FirstOrDefault(k => HostPath.IsIn(real, k) || HostPath.IsBelow(k, real));
        return kept is null ? null : ($"{Visible.Text(path)} may not be a socket of ours: {kept} is the system's or our own.", "Choose another path, as unix:/run/name.sock.");
    }
}
