using VpnConfinement.Model;
using VpnConfinement.State;

namespace VpnConfinement.Validation;

/// <summary>Files of tmpfiles.d(5).</summary>
public static class Tmpfiles
{
    // Types that make a folder; marks may follow, as "!" and "-".
    private const string Makers = "dDvqQ";

    /// <summary>The folders below /run that a file makes; lines that are none, and paths with specifiers, are passed over.</summary>
    public static IEnumerable<string> FoldersInRun(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        foreach (var line in text.Split('\n').Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#'))
        {
            if (UnitWords.Split(line).Take(2).ToList() is [{ Length: > 0 } type, var path] && Makers.Contains(type[0], StringComparison.Ordinal))
            {
                var plain = RunBindRules.Plain(path);
                plain = HostPath.IsBelow(plain, "/var/run") ? plain["/var".Length..] : plain;
                if (HostPath.IsBelow(plain, "/run") && !path.Contains('%', StringComparison.Ordinal) && AbsolutePath.IsValid(plain))
                {
                    yield return plain;
                }
            }
        }
    }
}
