using System.Globalization;
using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC015, VPC055 and VPC057: the mark by which a tunnel's own packets go to the peers' endpoints only.</summary>
internal static class PinningRules
{
    private const uint Marks = 4294967294;

    /// <summary>The mark that follows from an interface's name alone: 1 to 4294967294.</summary>
    internal static uint DerivedMark(string interfaceName) =>
        (uint.Parse(ContentHash.Of(interfaceName).AsSpan(0, 8), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture) % Marks) + 1;

    /// <summary>The mark of a namespace, or null where its endpoints are not pinned.</summary>
    internal static uint? MarkOf(NamespaceConfig ns) => ns.PinningEnable?.Value == true ? ns.PinningFwMark?.Value ?? DerivedMark(InterfaceRules.NameOf(ns)) : null;

    /// <summary>The rules of one namespace.</summary>
    internal static void Check(WrittenInterface written, DiagnosticBag findings)
    {
        var ns = written.Namespace;
        if (MarkOf(ns) is not { } mark)
        {
            return;
        }

        if (written.Config.FwMark is { } own && own.Value != mark)
        {
            findings.Error(
                "VPC057", written.Option("fwMark"), own.Span, $"The interface {written.Name} has the mark {own.Value}, and its endpoints are pinned by the mark {mark}.",
                own.Value == 0 ? "Take the interface's mark out." : $"Take the interface's mark out, or write wireguard.endpointPinning.fwMark = {own.Value} under [{ns.InToml}].");
        }

        foreach (var (peer, index) in written.Config.Peers.Select((p, i) => (p, i)))
        {
            if (peer.Endpoint is not { } endpoint)
            {
                findings.Error("VPC055", written.PeerOption(index, "endpoint"), peer.Span, "Endpoints are pinned, and this peer has none: nothing could be sent to it.", $"Write its endpoint, or take wireguard.endpointPinning.enable under [{ns.InToml}] out.");
            }
            else if (EndpointText.TryParseHostname(endpoint.Value, out _, out _))
            {
                findings.Error("VPC055", written.PeerOption(index, "endpoint"), endpoint.Span, $"Endpoints are pinned, and {Visible.Text(endpoint.Value)} is a hostname: its address is not known beforehand.", $"Write the server's address, or take wireguard.endpointPinning.enable under [{ns.InToml}] out.");
            }
        }
    }

    /// <summary>Over all enabled namespaces: a mark names one tunnel. An interface that is not pinned and has the mark would be cut off.</summary>
    internal static void CheckAcross(IReadOnlyList<NamespaceConfig> namespaces, IReadOnlyList<WrittenInterface> interfaces, DiagnosticBag findings)
    {
        var first = new Dictionary<uint, NamespaceConfig>();
        foreach (var ns in namespaces)
        {
            // Two with the same interface name have the same derived mark; that they share the name is found as VPC013.
            if (MarkOf(ns) is { } mark && !first.TryAdd(mark, ns) && (InterfaceRules.NameOf(first[mark]) != InterfaceRules.NameOf(ns) || ns.PinningFwMark is not null))
            {
                findings.Error(
                    "VPC015", ns.Path + ".wireguard.endpointPinning.fwMark", (ns.PinningFwMark?.Span ?? ns.PinningEnable?.Span)!.Value,
                    $"The namespaces {Visible.Text(first[mark].Name.Value)} and {Visible.Text(ns.Name.Value)} pin their endpoints by the same mark {mark}.", "Write another number here, or take fwMark out of both; the marks are derived then.");
            }
        }

        foreach (var written in interfaces)
        {
            if (MarkOf(written.Namespace) is null && written.Config.FwMark is { } own && first.TryGetValue(own.Value, out var pinned))
            {
                findings.Error(
                    "VPC015", written.Option("fwMark"), own.Span, $"The interface {written.Name} has the mark {own.Value}, by which the namespace {Visible.Text(pinned.Name.Value)} pins its endpoints: its packets would be dropped.",
                    "Write another mark, or take it out.");
            }
        }
    }
}
