using System.Diagnostics.CodeAnalysis;

namespace VpnConfinement.Text;

/// <summary>A table (TOML) or an object (JSON): members in the order written, each key once.</summary>
public sealed record TableNode(SourceSpan Span) : Node(Span)
{
    private readonly Dictionary<string, Member> _byKey = new(StringComparer.Ordinal);
    private readonly List<Member> _members = [];

    /// <summary>The members in the order written.</summary>
    public IReadOnlyList<Member> Members => _members;

    /// <inheritdoc/>
    public override string What => "a table";

    /// <summary>Whether later text may add members (TOML): false for inline tables and those a header has defined.</summary>
    internal bool IsClosed { get; set; }

    /// <summary>Finds a member.</summary>
    public bool TryGet(string key, [NotNullWhen(true)] out Member? member) => _byKey.TryGetValue(key, out member);

    /// <summary>Adds a member; false when the key is there already.</summary>
    internal bool TryAdd(Member member)
    {
        if (!_byKey.TryAdd(member.Key, member))
        {
            return false;
        }

        _members.Add(member);
        return true;
    }
}
