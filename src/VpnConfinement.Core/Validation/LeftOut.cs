using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>The IPv6 items that are left out of a namespace because its IPv6 is disabled: one notice for all of them.</summary>
internal sealed class LeftOut
{
    private const int MostNamed = 4;

    private readonly List<Located<string>> _items = [];

    private bool _address;
    private bool _allowedIP;

    /// <summary>Whether what is left out refuses the namespace already: all addresses of its interface.</summary>
    internal bool IsRefused { get; set; }

    /// <summary>Whether the interface could tunnel what is left out.</summary>
    internal bool CanTunnel => _address && _allowedIP;

    internal void Add(Located<string> item) => _items.Add(item);

    internal void AddAddress(Located<string> item)
    {
        _address = true;
        Add(item);
    }

    internal void AddAllowedIP(Located<string> item)
    {
        _allowedIP = true;
        Add(item);
    }

    // Where the mode is written, nobody is surprised by it.
    internal void Report(NamespaceConfig ns, DiagnosticBag findings)
    {
        if (_items.Count > 0 && !IsRefused && ns.IPv6 is null)
        {
            var items = _items.Select(i => Visible.Text(i.Value)).Distinct().ToList();
            var rest = items.Count > MostNamed ? $" and {items.Count - MostNamed} more" : "";
            findings.Notice(
                "VPC112", ns.Path + ".ipv6.mode", _items[0].Span,
                $"IPv6 is disabled in this namespace, so {string.Join(", ", items.Take(MostNamed))}{rest} {(items.Count == 1 ? "is" : "are")} left out.",
                _address && _allowedIP
                    ? $"To tunnel IPv6 as well write ipv6.mode = \"tunnel\" under [{ns.InToml}]; with \"disable\" there this notice ends."
                    : $"Nothing to do; ipv6.mode = \"disable\" in [{ns.InToml}] ends this notice. To tunnel IPv6 the interface would "
                        + "need both an IPv6 address and an IPv6 allowed IP from your provider.");
        }
    }
}
