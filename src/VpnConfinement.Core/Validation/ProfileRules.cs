using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC070 to VPC074 and VPC114: what a namespace's profile makes of weaker choices.</summary>
internal static class ProfileRules
{
    /// <summary>The profile of a namespace; the default one where the namespace was refused.</summary>
    internal static SecurityProfile Of(NamespaceConfig? ns) => ns?.Profile?.Value ?? SecurityProfile.Balanced;

    /// <summary>Reports a weaker choice: a warning, and under highAssurance an error.</summary>
    internal static void Weak(NamespaceConfig ns, string warning, string error, string path, SourceSpan span, string message, string remedy, DiagnosticBag findings)
    {
        if (Of(ns) == SecurityProfile.HighAssurance)
        {
            findings.Error(error, path, span, message.TrimEnd('.') + ", which highAssurance does not allow.", remedy);
        }
        else
        {
            findings.Warning(warning, path, span, message, remedy);
        }
    }

    /// <summary>What the namespace itself chooses; its interface, its keys and its link are judged where they are read.</summary>
    internal static void Check(NamespaceConfig ns, DiagnosticBag findings)
    {
        if (ns.DnsMode is { Value: DnsMode.Compat } mode)
        {
            Weak(ns, "VPC114", "VPC070", ns.Path + ".dns.mode", mode.Span, "With dns.mode \"compat\" DNS is not contained: the host's resolver may answer outside the tunnel.", "Take the line out; strict is the default.", findings);
        }

        if (ns.AllowHostResolverIpc is { Value: true } ipc)
        {
            Weak(ns, "VPC114", "VPC071", ns.Path + ".dns.allowHostResolverIPC", ipc.Span, "Services may ask nscd and the system bus of the host, which look names up outside the tunnel.", "Take the line out.", findings);
        }

        if (Of(ns) != SecurityProfile.HighAssurance)
        {
            return;
        }

        if (ns.EgressMode is { Value: EgressMode.AllowAllTunnel } all)
        {
            findings.Error("VPC072", ns.Path + ".egress.mode", all.Span, "With egress.mode \"allowAllTunnel\" services may call anyone, which highAssurance does not allow.", "Take the line out; under highAssurance the mode is allowList.");
        }

        if (ns.AllowedCidrs is not { Count: > 0 })
        {
            findings.Error("VPC073", ns.Path + ".egress.allowedCidrs", ns.Profile!.Span, "Under highAssurance the addresses that services may call have to be listed, and none is.", $"Write egress.allowedCidrs = [\"198.51.100.0/24\"] under [{ns.InToml}] with the addresses that they need.");
        }

        if (ns.AllowHostnameEndpoints is { Value: true } names)
        {
            findings.Error("VPC074", ns.Path + ".wireguard.allowHostnameEndpoints", names.Span, "Hostname endpoints are looked up outside the tunnel, which highAssurance does not allow.", "Take the line out, and write the endpoints as addresses.");
        }
    }
}
