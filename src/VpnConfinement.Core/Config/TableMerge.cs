using VpnConfinement.Diagnostics;
using VpnConfinement.Text;

namespace VpnConfinement.Config;

/// <summary>Merges one file's tree into another's: tables meet, everything else may be set once.</summary>
internal static class TableMerge
{
    internal static void Into(TableNode target, TableNode source, string path, DiagnosticBag findings)
    {
        foreach (var member in source.Members)
        {
            var memberPath = path.Length == 0 ? member.Key : $"{path}.{member.Key}";
            if (!target.TryGet(member.Key, out var present))
            {
                target.TryAdd(member);
            }
            else if (present.Value is TableNode targetTable && member.Value is TableNode sourceTable)
            {
                Into(targetTable, sourceTable, memberPath, findings);
            }
            else
            {
                findings.Error("VPC004", memberPath, member.KeySpan, $"{Visible.Text(memberPath)} is set in two files; the first time at {present.KeySpan}.", "Keep one of the two.");
            }
        }
    }
}
