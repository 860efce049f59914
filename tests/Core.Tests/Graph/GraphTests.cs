using System.Text.RegularExpressions;
using System.Xml.Linq;
using VpnConfinement.Graph;

namespace VpnConfinement.Core.Tests.Graph;

/// <summary>
/// Each case has its pictures in files of its name. Run with VPNC_UPDATE_GOLDEN=1 to write them anew, then look at them
/// (<c>rsvg-convert</c>) and read the difference.
/// </summary>
public sealed partial class GraphTests
{
    private static readonly string Folder = Path.Combine(TestPaths.Project, "Graph", "Pictures");

    private static readonly GraphNamespace Hostile = new()
    {
        Name = "a<b>\"&'",
        Interface = "wg0",
        Addresses = ["10.0.0.2/32"],
        Endpoints = ["evil\"];n9[\"x:1", "</text><script>:2"],
        Birthplace = null,
        Out = ["everything"],
        In = "nothing",
        IsOpenToTunnel = false,
        HostLink = null,
        Services = ["dev-\\x2d.service", "a#b;c`d.service"],
        Sockets = [],
        Published = [new("/run/\u001b[31m\ud800\uffff|-->.sock", 1)],
    };

    public static TheoryData<string> Cases => [.. GraphCase.All.Keys];

    [Theory]
    [MemberData(nameof(Cases))]
    public void Case(string name)
    {
        var graph = GraphCase.Of(GraphCase.All[name]);
        Compare(name + ".mmd", MermaidWriter.Write(graph));
        Compare(name + ".svg", SvgWriter.Write(graph));
    }

    /// <summary>No box lies over another unless it is in it, and no text leaves its box.</summary>
    [Theory]
    [MemberData(nameof(Cases))]
    public void Nothing_overlaps(string name)
    {
        var picture = XDocument.Parse(SvgWriter.Write(GraphCase.Of(GraphCase.All[name])));
        XNamespace svg = "http://www.w3.org/2000/svg";
        var boxes = picture.Descendants(svg + "g")
            .Select(g => (Area: Area(g.Element(svg + "rect")!), Group: g)).ToList();
        foreach (var (area, group) in boxes)
        {
            Assert.All(group.Elements(svg + "text"), t =>
            {
                Assert.InRange(Number(t, "x") + t.Value.Length * 7.3, area.X, area.X + area.Width);
                Assert.InRange(Number(t, "y"), area.Y, area.Y + area.Height);
            });
            Assert.All(
                boxes.Where(b => b.Group != group),
                other => Assert.True(
                    IsApart(area, other.Area) || Holds(area, other.Area) || Holds(other.Area, area), $"{group}"));
        }

        // What is in a box is not on the box's own text.
        Assert.All(boxes, outer => Assert.All(
            boxes.Where(b => b.Group != outer.Group && Holds(outer.Area, b.Area)),
            inner => Assert.All(outer.Group.Elements(svg + "text"), t => Assert.True(Number(t, "y") <= inner.Area.Y))));
    }

    [Fact]
    public void Names_cannot_leave_their_labels()
    {
        var mermaid = MermaidWriter.Write([Hostile]);
        Assert.All(mermaid.Split('\n'), line => Assert.True(line.Count(c => c == '"') is 0 or 2, line));
        Assert.DoesNotMatch("[<>&`\\\\|]", Allowed().Replace(mermaid, ""));
        var svg = XDocument.Parse(SvgWriter.Write([Hostile]));
        Assert.DoesNotContain(svg.Descendants(), e => e.Name.LocalName == "script");
        Assert.Contains(svg.Descendants(), e => e.Value.StartsWith("</text><script>:2", StringComparison.Ordinal));
    }

    private static void Compare(string name, string text)
    {
        var file = Path.Combine(Folder, name);
        if (Environment.GetEnvironmentVariable("VPNC_UPDATE_GOLDEN") == "1")
        {
            File.WriteAllText(file, text);
        }

        Assert.Equal(File.ReadAllText(file), text);
    }

    private static Place Area(XElement rect) =>
        new(Number(rect, "x"), Number(rect, "y"), Number(rect, "width"), Number(rect, "height"));

    private static double Number(XElement element, string name) =>
        double.Parse(element.Attribute(name)!.Value, System.Globalization.CultureInfo.InvariantCulture);

    private static bool IsApart(Place a, Place b) =>
        a.X + a.Width <= b.X || b.X + b.Width <= a.X || a.Y + a.Height <= b.Y || b.Y + b.Height <= a.Y;

    private static bool Holds(Place a, Place b) =>
        a.X <= b.X && a.Y <= b.Y
        && a.X + a.Width >= b.X + b.Width && a.Y + a.Height >= b.Y + b.Height;

    private sealed record Place(double X, double Y, double Width, double Height);

    // What the chart itself is made of.
    [GeneratedRegex(@"<br/>|-->\|?|==>\|?|\| n")]
    private static partial Regex Allowed();
}
