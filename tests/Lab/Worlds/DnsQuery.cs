using System.Net;

namespace VpnConfinement.Lab.Worlds;

/// <summary>A query as a resolver saw it.</summary>
public sealed record DnsQuery(string Name, IPAddress Caller, string Protocol);
