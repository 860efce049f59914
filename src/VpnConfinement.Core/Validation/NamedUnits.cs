using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC005: a unit that is named twice, by whatever name, and an instance beside its template.</summary>
/// <param name="findings">Takes what is wrong.</param>
internal sealed class UnitClaims(DiagnosticBag findings)
{
    private readonly Dictionary<string, (string Table, Located<string> Written)> _claims = new(StringComparer.Ordinal);

    /// <summary>Claims a unit for what was written.</summary>
    /// <param name="realName">The unit's own name.</param>
    /// <param name="table">Option path.</param>
    /// <param name="written">The name as written.</param>
    internal void Claim(string realName, string table, Located<string> written)
    {
        if (!_claims.TryAdd(realName, (table, written)))
        {
            findings.Error("VPC005", table, written.Span, $"{Visible.Text(realName)} is named twice: as '{Visible.Text(_claims[realName].Written.Value)}' and as '{Visible.Text(written.Value)}'.", "Keep one of the two.");
        }
    }

    internal void CheckTemplates()
    {
        foreach (var (name, (table, written)) in _claims)
        {
            if (UnitName.TemplateOf(name) is var general && general != name && _claims.TryGetValue(general, out var template))
            {
                findings.Error("VPC005", table, written.Span, $"{Visible.Text(name)} is an instance of '{Visible.Text(template.Written.Value)}', which is named as well.", "Name the template, or instances one by one, not both.");
            }
        }
    }
}
