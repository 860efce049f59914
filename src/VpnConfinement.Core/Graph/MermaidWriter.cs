using System.Globalization;
using System.Text;

namespace VpnConfinement.Graph;

/// <summary>Writes a graph as a flow chart of Mermaid (mermaid.js.org/syntax/flowchart.html).</summary>
public static class MermaidWriter
{
    /// <summary>The chart, which ends in a newline.</summary>
    public static string Write(IReadOnlyList<GraphNamespace> namespaces)
    {
        var text = new StringBuilder("flowchart LR\n    subgraph host[\"this host\"]\n");
        if (namespaces.Count == 0)
        {
            Line(text, 2, $"none[{Label("nothing is confined")}]");
        }

        for (var i = 0; i < namespaces.Count; i++)
        {
            Inside(text, namespaces[i], $"n{i}");
        }

        text.Append("    end\n");
        for (var i = 0; i < namespaces.Count; i++)
        {
            Edges(text, namespaces[i], $"n{i}", Birthplace(namespaces, namespaces[i]));
        }

        return text.ToString();
    }

    private static void Inside(StringBuilder text, GraphNamespace ns, string id)
    {
        Number(ns.Published, (p, i) => Line(text, 2, $"{id}p{i}[{Label(p.Listen)}]"));
        if (ns.HostLink is { Ports.Length: > 0 } link)
        {
            Line(text, 2, $"{id}h[{Label($"host link {link.Interface}", link.HostAddress)}]");
        }

        Line(text, 2, $"subgraph {id}[{Label($"namespace {ns.Name}")}]");
        Line(text, 3, $"subgraph {id}u[{Label("services")}]");
        Number(ns.Services, (s, i) => Line(text, 4, $"{id}s{i}[{Label(s)}]"));
        Number(ns.Sockets, (s, i) => Line(text, 4, $"{id}k{i}([{Label(s.Unit)}])"));
        if (ns.Services.Count + ns.Sockets.Count == 0)
        {
            Line(text, 4, $"{id}s0[{Label("none")}]");
        }

        Line(text, 3, "end");
        Line(text, 3, $"{id}t[/{Label([$"tunnel {ns.Interface}", .. ns.Addresses])}/]");
        Line(text, 2, "end");
    }

    private static void Edges(StringBuilder text, GraphNamespace ns, string id, string? birthplace)
    {
        Number(ns.Published, (p, i) => Line(text, 1, $"{id}p{i} -->|{Label($"to port {p.Port}")}| {id}u"));
        if (ns.HostLink is { Ports.Length: > 0 } link)
        {
            Line(text, 1, $"{id}h -->|{Label(link.Ports)}| {id}u");
        }

        Number(ns.Sockets, (s, i) =>
        {
            if (ns.Services.ToList().IndexOf(s.Service) is >= 0 and var at)
            {
                Line(text, 1, $"{id}k{i} -->|{Label("starts")}| {id}s{at}");
            }
        });
        Line(text, 1, $"{id}u -->|{Label([.. ns.Out])}| {id}t");
        if (ns.IsOpenToTunnel)
        {
            Line(text, 1, $"{id}t -->|{Label(ns.In)}| {id}u");
        }

        Number(ns.Endpoints, (e, i) =>
        {
            Line(text, 1, $"{id}e{i}([{Label(e)}])");
            Line(text, 1, $"{birthplace ?? id + "t"} ==>|{Label($"WireGuard of {ns.Name}")}| {id}e{i}");
        });
        if (birthplace is not null)
        {
            Line(text, 1, $"{id}t ==>|{Label("through")}| {birthplace}");
        }
    }

    // The tunnel that the packets of this one go through.
    private static string? Birthplace(IReadOnlyList<GraphNamespace> namespaces, GraphNamespace ns) =>
        namespaces.ToList().FindIndex(n => n.Name == ns.Birthplace) is >= 0 and var at ? $"n{at}t" : null;

    private static void Line(StringBuilder text, int level, string line) =>
        text.Append(' ', level * 4).Append(line).Append('\n');

    private static void Number<T>(IReadOnlyList<T> items, Action<T, int> write)
    {
        for (var i = 0; i < items.Count; i++)
        {
            write(items[i], i);
        }
    }

    private static string Label(params ReadOnlySpan<string> lines)
    {
        var text = new StringBuilder("\"");
        for (var i = 0; i < lines.Length; i++)
        {
            text.Append(i == 0 ? "" : "<br/>");
            foreach (var rune in lines[i].EnumerateRunes())
            {
                Append(text, rune);
            }
        }

        return text.Append('"').ToString();
    }

    // Characters that mean something to Mermaid or to HTML have their number (its "entity codes").
    private static void Append(StringBuilder text, Rune rune)
    {
        if (rune.IsAscii && (char)rune.Value is var c
            && (char.IsAsciiLetterOrDigit(c) || " .,:/-_@*[]()".Contains(c, StringComparison.Ordinal)))
        {
            text.Append(c);
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"#{rune.Value};");
        }
    }
}
