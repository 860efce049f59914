using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC044 to VPC046, VPC049 and VPC105: in which netns a tunnel's UDP socket is born.</summary>
internal static class BirthplaceRules
{
    /// <summary>The name that means the host's own network namespace.</summary>
    private const string Host = "init";

    private const int MostNamed = 8;

    /// <summary>The netns in which the link is made; null for the host's, or with a finding.</summary>
    internal static Birthplace? Check(NamespaceConfig ns, ConfigFile config, DiagnosticBag findings)
    {
        if (ns.SocketNamespace is not { } written || written.Value == Host)
        {
            return null;
        }

        var path = ns.Path + ".wireguard.socketNamespace";
        if (!NamespaceName.TryParse(written.Value, out var name))
        {
            findings.Error("VPC044", path, written.Span, $"'{Visible.Text(written.Value)}' cannot be the name of a network namespace.", "Take the line out, so that the host is meant, or write a name of 1 to 64 of A-Z a-z 0-9 _ . -");
            return null;
        }

        if (written.Value == ns.Name.Value)
        {
            findings.Error("VPC045", path, written.Span, "The tunnel of a namespace cannot leave through the namespace itself.", "Take the line out, so that the host is meant, or name another namespace.");
            return null;
        }

        var own = config.Namespaces.FirstOrDefault(n => n.Name.Value == written.Value);
        if (own is { Enable: true })
        {
            return new Birthplace(name, Managed: true);
        }

        var near = own is null ? NearestName.Of(written.Value, config.Namespaces.Where(n => n.Enable && n != ns).Select(n => n.Name.Value)) : null;
        findings.Warning(
            "VPC105", path, written.Span,
            own is null ? $"The network namespace {name} is none of this configuration: what becomes of the tunnel's packets there is not ours to check." : $"The namespace {name} is disabled, so that the network namespace of that name is none of ours.",
            (near is null ? "" : $"Did you mean '{near}'? ") + "Make sure that it is there before the tunnel starts and leads where you want, or take the line out, so that the host is meant.");
        return new Birthplace(name, Managed: false);
    }

    /// <summary>Over all enabled namespaces: following the names from one must not lead back to it.</summary>
    internal static void CheckCycles(ConfigFile config, DiagnosticBag findings)
    {
        var next = config.Namespaces.Where(n => n.Enable && n.SocketNamespace is not null).ToDictionary(n => n.Name.Value, n => n.SocketNamespace!.Value, StringComparer.Ordinal);
        foreach (var ns in config.Namespaces.Where(n => n.Enable && n.SocketNamespace is { } s && s.Value != n.Name.Value))
        {
            var way = new List<string> { ns.Name.Value };
            var seen = way.ToHashSet(StringComparer.Ordinal);
            while (next.TryGetValue(way[^1], out var name) && seen.Add(name))
            {
                way.Add(name);
            }

            if (next.TryGetValue(way[^1], out var back) && back == ns.Name.Value)
            {
                findings.Error(
                    "VPC046", ns.Path + ".wireguard.socketNamespace", ns.SocketNamespace!.Span, $"Each tunnel would leave through the next one, and none through the host: {Circle(way)}.",
                    "Take one of these socketNamespace lines out, so that its tunnel leaves through the host.");
            }
        }
    }

    /// <summary>An attachment written on the interface has to be the one that the namespace gives it.</summary>
    internal static void CheckAttachment(WrittenInterface written, DiagnosticBag findings)
    {
        var ns = written.Namespace;
        Check("interfaceNamespace", written.Config.InterfaceNamespace, ns.Name.Value);
        Check("socketNamespace", written.Config.SocketNamespace, ns.SocketNamespace?.Value ?? Host);

        void Check(string option, Located<string>? found, string ours)
        {
            if (found is not null && found.Value != ours)
            {
                findings.Error(
                    "VPC049", $"{written.TablePath}.{option}", found.Span, $"{option} is '{Visible.Text(found.Value)}', and the namespace {Visible.Text(ns.Name.Value)} gives this interface '{Visible.Text(ours)}'.",
                    $"Take the line out{(option == "socketNamespace" ? $", or write wireguard.socketNamespace = \"{Visible.Text(found.Value)}\" under [{ns.InToml}]" : "")}.");
            }
        }
    }

    private static string Circle(List<string> way) =>
        string.Join(" -> ", way.Take(MostNamed).Append(way.Count > MostNamed ? "..." : way[0]).Concat(way.Count > MostNamed ? [way[^1], way[0]] : []));
}
