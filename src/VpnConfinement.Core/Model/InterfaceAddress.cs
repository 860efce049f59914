using System.Net;

namespace VpnConfinement.Model;

/// <summary>An address of an interface with the length of its prefix in bits; host bits are kept.</summary>
public readonly record struct InterfaceAddress(IPAddress Address, int PrefixLength)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Address}/{PrefixLength}";
}
