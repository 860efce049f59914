namespace VpnConfinement.Text;

/// <summary>One key with its value.</summary>
/// <param name="Key">The key, unquoted.</param>
/// <param name="KeySpan">Where the key stands.</param>
/// <param name="Value">Its value.</param>
public sealed record Member(string Key, SourceSpan KeySpan, Node Value);
