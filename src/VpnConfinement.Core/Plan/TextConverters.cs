using System.Net;
using VpnConfinement.Model;
using VpnConfinement.Text;
using VpnConfinement.Validation;

namespace VpnConfinement.Plan;

/// <summary>What a plan has as text and the program has as values of a type that cannot be wrong.</summary>
internal static class TextConverters
{
    internal sealed class Address : TextConverter<IPAddress>
    {
        protected override bool TryParse(string text, out IPAddress value) => IpText.TryParseAddress(text, out value);
    }

    internal sealed class OfInterface : TextConverter<InterfaceAddress>
    {
        protected override bool TryParse(string text, out InterfaceAddress value)
        {
            var isAddress = IpText.TryParseAddressWithPrefix(text, out var address, out var length);
            value = new InterfaceAddress(address, length);
            return isAddress;
        }
    }

    internal sealed class Prefix : TextConverter<IPNetwork>
    {
        protected override bool TryParse(string text, out IPNetwork value) => IpText.TryParsePrefix(text, out value);
    }

    internal sealed class Endpoint : TextConverter<IPEndPoint>
    {
        protected override bool TryParse(string text, out IPEndPoint value) =>
            IpText.TryParseEndpoint(text, out value);
    }

    internal sealed class Hostname : TextConverter<EndpointName>
    {
        protected override bool TryParse(string text, out EndpointName value)
        {
            var isEndpoint = EndpointText.TryParseHostname(text, out var name, out var port);
            value = new EndpointName(name, port);
            return isEndpoint;
        }
    }

    internal sealed class Interface : TextConverter<InterfaceName>
    {
        protected override bool TryParse(string text, out InterfaceName value) =>
            InterfaceName.TryParse(text, out value);
    }

    internal sealed class Key : TextConverter<PublicKey>
    {
        protected override bool TryParse(string text, out PublicKey value) => PublicKey.TryParse(text, out value);
    }

    internal sealed class Hardware : TextConverter<MacAddress>
    {
        protected override bool TryParse(string text, out MacAddress value) => MacAddress.TryParse(text, out value);
    }
}
