using VpnConfinement.Config;
using VpnConfinement.Diagnostics;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>Paths that a configuration may name: absolute, without <c>.</c> and <c>..</c>, without control characters.</summary>
internal static class AbsolutePath
{
    internal static bool IsValid(string path) =>
        path.Length > 1 && path[0] == '/' && path.All(Visible.IsPlain) && path[1..].Split('/').All(p => p.Length > 0 && p is not ("." or ".."));

    internal static bool Check(Located<string> path, string option, DiagnosticBag findings)
    {
        if (IsValid(path.Value))
        {
            return true;
        }

        findings.Error("VPC003", option, path.Span, $"'{Visible.Text(path.Value)}' is not an absolute path.", "Write the whole path from / on, without '.', '..' and doubled slashes.");
        return false;
    }
}
