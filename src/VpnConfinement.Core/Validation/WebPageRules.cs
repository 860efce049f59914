using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC128: the page that <c>verify</c> asks from which address it was asked.</summary>
internal static class WebPageRules
{
    internal static void Check(NamespaceConfig ns, DiagnosticBag findings)
    {
        if (ns.VerifyUrl is { } url && !IsWebPage(url.Value))
        {
            findings.Error(
                "VPC128", ns.Path + ".verify.url", url.Span, $"'{Visible.Text(url.Value)}' is no page of the web.",
                "Write http:// or https://, a host and a path, as https://whoami.example/ip.");
        }
    }

    private static bool IsWebPage(string text)
    {
        var host = text.StartsWith("http://", StringComparison.Ordinal) ? text["http://".Length..]
            : text.StartsWith("https://", StringComparison.Ordinal) ? text["https://".Length..] : "";
        var slash = host.IndexOf('/', StringComparison.Ordinal);
        var path = slash < 0 ? "" : host[slash..];
        host = slash < 0 ? host : host[..slash];
        var hasPort = host.LastIndexOf(':') > host.LastIndexOf(']');
        return path.All(c => c is >= '!' and <= '~') && IsHost(hasPort ? host : host + ":80");
    }

    private static bool IsHost(string endpoint) =>
        IpText.TryParseEndpoint(endpoint, out _) || EndpointText.TryParseHostname(endpoint, out _, out _);
}
