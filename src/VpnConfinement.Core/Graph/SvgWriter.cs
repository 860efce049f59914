using static VpnConfinement.Graph.SvgArea;

namespace VpnConfinement.Graph;

/// <summary>
/// Writes a graph as SVG: callers on the host, namespaces, tunnels and peers from left to right, each namespace a band.
/// All that is true of an arrow stands in a box at its end, so that no text lies over another.
/// </summary>
public static class SvgWriter
{
    private const int Margin = 16;
    private const int Gap = 8;
    private const int ArrowLength = 48;

    /// <summary>The picture, which ends in a newline.</summary>
    public static string Write(IReadOnlyList<GraphNamespace> namespaces)
    {
        var bands = namespaces.Select(n => new SvgBand(n)).ToList();
        var callers = Widest(bands.Select(b => b.CallersWidth));
        var inner = Widest(bands.Select(b => b.InnerWidth));
        var tunnels = Widest(bands.Select(b => b.TunnelWidth));
        var peers = Widest(bands.Select(b => b.PeersWidth));
        var left = Margin + Padding;
        var namespacesAt = left + (callers == 0 ? 0 : callers + ArrowLength);
        var tunnelsAt = namespacesAt + inner + ArrowLength;
        var columns = new SvgColumns(
            Callers: new(left, callers),
            Namespace: new(namespacesAt, inner),
            Tunnel: new(tunnelsAt, tunnels),
            Peers: new(tunnelsAt + tunnels + Padding + ArrowLength, peers));
        var title = HeightOf(1);
        var height = title + bands.Sum(b => b.Height + Gap) + Padding - Gap;
        var document = new SvgDocument();
        var host = bands.Count == 0
            ? new SvgArea(Margin, Margin, SvgDocument.WidthOf("this host: nothing is confined") + 2 * Padding, title)
            : new SvgArea(Margin, Margin, columns.Tunnel.X + tunnels + Padding - Margin, height);
        document.Box(host, "host", [bands.Count == 0 ? "this host: nothing is confined" : "this host"]);
        var y = Margin + title;
        var tops = new List<int>();
        foreach (var band in bands)
        {
            tops.Add(y);
            y += band.Height + Gap;
        }

        // While a change is under way, a name can be there twice, with two interfaces.
        var ways = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < bands.Count; i++)
        {
            ways[namespaces[i].Name] = bands[i].WayOut(tops[i]);
        }

        for (var i = 0; i < bands.Count; i++)
        {
            bands[i].Draw(
                document, columns, tops[i],
                namespaces[i].Birthplace is { } outer && ways.TryGetValue(outer, out var way)
                    ? way
                    : bands[i].WayOut(tops[i]));
        }

        return document.Text(
            (peers == 0 ? host.Right : columns.Peers.X + peers) + Margin, host.Bottom + Margin,
            "What is confined on this host, and what may pass");
    }

    private static int Widest(IEnumerable<int> widths) => widths.DefaultIfEmpty(0).Max();
}
