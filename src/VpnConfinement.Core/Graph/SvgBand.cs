using VpnConfinement.Text;
using static VpnConfinement.Graph.SvgArea;

namespace VpnConfinement.Graph;

/// <summary>The part of a picture that shows one namespace.</summary>
internal sealed class SvgBand
{
    private const int Gap = 6;
    private const int Hanging = 4;
    private const int LongestText = 40;
    private const int NarrowestStatement = 36;
    private const int ReverseArrow = 14;

    private readonly IReadOnlyList<(IReadOnlyList<string> Lines, string Title)> _callers;
    private readonly IReadOnlyList<string> _statements;
    private readonly IReadOnlyList<string> _tunnel;
    private readonly GraphNamespace _ns;
    private readonly int _columns;
    private readonly int _cellWidth;

    internal SvgBand(GraphNamespace ns)
    {
        _ns = ns;
        _callers = [.. Callers(ns)];
        _columns = ns.Services.Count switch { <= 6 => 1, <= 14 => 2, _ => 3 };
        _cellWidth = Widest(ns.Services.Select(Cut)) + 2 * Padding;
        var grid = ns.Services.Count == 0 ? 0 : _columns * (_cellWidth + Gap) - Gap;
        var sockets = ns.Sockets.Count == 0 ? 0 : Widest(ns.Sockets.Select(Socket)) + 2 * Padding;
        var narrowest = (int)(NarrowestStatement * SvgDocument.CharacterWidth);
        var room = Math.Max(Math.Max(grid, sockets), narrowest);
        _statements = [.. Statements(ns).SelectMany(s => Wrap(s, (int)(room / SvgDocument.CharacterWidth)))];
        _tunnel = [.. Tunnel(ns).Select(Cut)];
        InnerWidth = room + 2 * Padding;
        CallersWidth = _callers.Count == 0 ? 0 : Widest(_callers.SelectMany(c => c.Lines)) + 2 * Padding;
        TunnelWidth = Widest(_tunnel) + 2 * Padding;
        PeersWidth = ns.Endpoints.Count == 0 ? 0 : Widest(ns.Endpoints.Select(Cut)) + 2 * Padding;
        Height = ((int[])[
            Stack(_callers.Select(c => HeightOf(c.Lines.Count))) + 2 * Padding,
            HeightOf(_statements.Count) + UnitsHeight + Padding,
            HeightOf(_tunnel.Count),
            Stack(ns.Endpoints.Select(_ => HeightOf(1))),
        ]).Max();
    }

    internal int CallersWidth { get; }

    internal int InnerWidth { get; }

    internal int TunnelWidth { get; }

    internal int PeersWidth { get; }

    internal int Height { get; }

    private int Rows => (_ns.Services.Count + _columns - 1) / _columns;

    private int UnitsHeight => (Rows + _ns.Sockets.Count) * (HeightOf(1) + Gap);

    /// <summary>The height at which the tunnel's own packets leave its box.</summary>
    /// <param name="top">The upper edge of the band.</param>
    internal int WayOut(int top) => top + Height / 2;

    /// <summary>Draws it.</summary>
    /// <param name="document">Where.</param>
    /// <param name="columns">Where the columns stand.</param>
    /// <param name="top">The upper edge of the band.</param>
    /// <param name="wayOut">Where its packets leave the host: at its tunnel, or at the one they go through.</param>
    internal void Draw(SvgDocument document, SvgColumns columns, int top, int wayOut)
    {
        var ns = new SvgArea(columns.Namespace.X, top, columns.Namespace.Width, Height);
        document.Box(ns, "namespace", _statements, _ns.Name);
        DrawUnits(document, ns);
        DrawCallers(document, columns.Callers, ns);
        var tunnel = Centred(columns.Tunnel, ns, HeightOf(_tunnel.Count));
        document.Box(tunnel, "tunnel", _tunnel, _ns.Interface);
        var shift = _ns.IsOpenToTunnel ? ReverseArrow / 2 : 0;
        document.Arrow(ns.Right, tunnel.Middle - shift, tunnel.X, tunnel.Middle - shift, "pass");
        if (_ns.IsOpenToTunnel)
        {
            document.Arrow(tunnel.X, tunnel.Middle + shift, ns.Right, tunnel.Middle + shift, "pass");
        }

        var y = ns.Middle - Stack(_ns.Endpoints.Select(_ => HeightOf(1))) / 2;
        foreach (var endpoint in _ns.Endpoints)
        {
            var peer = new SvgArea(columns.Peers.X, y, columns.Peers.Width, HeightOf(1));
            document.Box(peer, "peer", [Cut(endpoint)], endpoint);
            document.Arrow(tunnel.Right, wayOut, peer.X, peer.Middle, "wireguard");
            y = peer.Bottom + Gap;
        }
    }

    private void DrawUnits(SvgDocument document, SvgArea ns)
    {
        var y = ns.Y + HeightOf(_statements.Count);
        for (var i = 0; i < _ns.Services.Count; i++)
        {
            // Down the columns, as the names are read.
            var (column, row) = (i / Rows, i % Rows);
            document.Box(
                new SvgArea(
                    ns.X + Padding + column * (_cellWidth + Gap), y + row * (HeightOf(1) + Gap), _cellWidth,
                    HeightOf(1)),
                "unit", [Cut(_ns.Services[i])], _ns.Services[i]);
        }

        y += Rows * (HeightOf(1) + Gap);
        foreach (var socket in _ns.Sockets)
        {
            var text = Socket(socket);
            document.Box(
                new SvgArea(ns.X + Padding, y, SvgDocument.WidthOf(text) + 2 * Padding, HeightOf(1)), "socket", [text],
                $"{socket.Unit} starts {socket.Service}");
            y += HeightOf(1) + Gap;
        }
    }

    private void DrawCallers(SvgDocument document, SvgColumn column, SvgArea ns)
    {
        var y = ns.Y + Padding;
        foreach (var (lines, title) in _callers)
        {
            var box = new SvgArea(column.X, y, column.Width, HeightOf(lines.Count));
            document.Box(box, "caller", lines, title);
            document.Arrow(box.Right, box.Middle, ns.X, box.Middle, "pass");
            y = box.Bottom + Gap;
        }
    }

    private static IEnumerable<(IReadOnlyList<string> Lines, string Title)> Callers(GraphNamespace ns)
    {
        foreach (var published in ns.Published)
        {
            yield return ([Cut(published.Listen), $"to port {published.Port}"], published.Listen);
        }

        if (ns.HostLink is { Ports.Length: > 0 } link)
        {
            yield return (
                [$"host link {link.Interface}", link.HostAddress, .. Wrap($"to {link.Ports}", LongestText)],
                link.Interface);
        }
    }

    private static IEnumerable<string> Statements(GraphNamespace ns) =>
    [
        $"namespace {ns.Name}",
        .. ns.Out.Select(s => $"out: {s}"),
        $"in:  {ns.In}",
        .. ns.Services.Count + ns.Sockets.Count == 0 ? (string[])["no services"] : [],
    ];

    private static IEnumerable<string> Tunnel(GraphNamespace ns) =>
    [
        $"tunnel {ns.Interface}",
        .. ns.Addresses,
        .. ns.Birthplace is { } outer ? (string[])[$"leaves by {outer}"] : [],
    ];

    private static string Socket(GraphSocket socket) => $"{Cut(socket.Unit)} starts {Cut(socket.Service)}";

    private static SvgArea Centred(SvgColumn column, SvgArea beside, int height) =>
        new(column.X, beside.Middle - height / 2, column.Width, height);

    private static int Stack(IEnumerable<int> heights) => heights.Select(h => h + Gap).DefaultIfEmpty(Gap).Sum() - Gap;

    private static int Widest(IEnumerable<string> texts) => texts.Select(SvgDocument.WidthOf).DefaultIfEmpty(0).Max();

    private static string Cut(string text) => text.Length <= LongestText ? text : text[..(LongestText - 2)] + "..";

    private static IEnumerable<string> Wrap(string text, int width) => TextLines.Wrap(text, width, Hanging);
}
