using System.Text;

namespace VpnConfinement.Compile.Nftables;

/// <summary>Writes the parts of an nftables table. What is put in is printed from a type: a number, an address, a checked name.</summary>
internal sealed class RulesetText
{
    private readonly StringBuilder _text = new();

    internal void Line(string line) => _text.Append(line).Append('\n');

    internal void Counter(string name) => _text.Append("\tcounter ").Append(name).Append(" {\n\t}\n\n");

    /// <summary>A named set. nft refuses an empty element list, so a set without elements is declared without one: it matches nothing.</summary>
    internal void Set(string name, string type, bool interval, IEnumerable<string> elements)
    {
        _text.Append("\tset ").Append(name).Append(" {\n\t\ttype ").Append(type).Append('\n');
        if (interval)
        {
            _text.Append("\t\tflags interval\n");
        }

        var list = string.Join(", ", elements);
        if (list.Length > 0)
        {
            _text.Append("\t\telements = { ").Append(list).Append(" }\n");
        }

        _text.Append("\t}\n\n");
    }

    /// <summary>The beginning of a base chain that drops by default.</summary>
    internal void Chain(string hook) =>
        _text.Append("\tchain ").Append(hook).Append(" {\n\t\ttype filter hook ").Append(hook).Append(" priority filter; policy drop;\n");

    internal void Accept(string match) => _text.Append("\t\t").Append(match).Append(" accept\n");

    /// <summary>Counts and drops, silently: what comes in gets no answer.</summary>
    internal void Drop(string? match, string counter) => Refuse(match, counter, "drop");

    /// <summary>Counts and refuses with an ICMP error, so that a local program fails at once.</summary>
    internal void Reject(string? match, string counter) => Refuse(match, counter, "reject with icmpx type admin-prohibited");

    /// <summary>The same for TCP.</summary>
    internal void Reset(string match, string counter) => Refuse(match, counter, "reject with tcp reset");

    /// <inheritdoc/>
    public override string ToString() => _text.ToString();

    private void Refuse(string? match, string counter, string verdict)
    {
        _text.Append("\t\t");
        if (match is not null)
        {
            _text.Append(match).Append(' ');
        }

        _text.Append("counter name \"").Append(counter).Append("\" ").Append(verdict).Append('\n');
    }
}
