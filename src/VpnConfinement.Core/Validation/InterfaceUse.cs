using VpnConfinement.Config;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>One use of an interface name.</summary>
/// <param name="Name">The name, checked or not.</param>
/// <param name="Namespace">Who uses it.</param>
/// <param name="Option">The option that decides it, below the namespace.</param>
/// <param name="Span">Where it is written, or where its namespace is.</param>
/// <param name="Written">Whether it was written; if not, it is a default or derived.</param>
internal sealed record InterfaceUse(string Name, NamespaceConfig Namespace, string Option, SourceSpan Span, bool Written);
