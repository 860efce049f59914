using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Model;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC003: whether a written name is that of one unit.</summary>
internal static class WrittenUnitName
{
    /// <summary>Names what is wrong with it.</summary>
    /// <param name="written">The name as written.</param>
    /// <param name="option">The option that it stands in.</param>
    /// <param name="kind">Suffix of the unit without its dot: <c>service</c> or <c>socket</c>.</param>
    /// <param name="unit">The name as parsed; null where it is none of that kind.</param>
    /// <param name="findings">Takes what is wrong.</param>
    /// <returns>Whether it may be confined.</returns>
    internal static bool Check(Located<string> written, string option, string kind, UnitName? unit, DiagnosticBag findings)
    {
        if (unit is null)
        {
            findings.Error(
                "VPC003", option, written.Span, $"'{Visible.Text(written.Value)}' is not the name of a {kind}.",
                UnitName.IsPrefix(written.Value)
                    ? "Name each unit by itself: a name that ends in a dash stands for all units that begin with it."
                    : $"Write the unit's name, with or without .{kind}.");
            return false;
        }

        return true;
    }
}
