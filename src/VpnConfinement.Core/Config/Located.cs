using VpnConfinement.Text;

namespace VpnConfinement.Config;

/// <summary>A value with the place at which it was written.</summary>
public sealed record Located<T>(T Value, SourceSpan Span);
