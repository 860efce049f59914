using System.Text.Json;
using System.Text.RegularExpressions;
using VpnConfinement.Compile;
using VpnConfinement.Model;
using VpnConfinement.Text;

namespace VpnConfinement.Fuzz;

/// <summary>No accepted text gets out of its place in a generated file.</summary>
internal static partial class OutputProperties
{
    internal static void Check(Confinement confinement)
    {
        foreach (var file in Compiler.Compile(confinement).Files)
        {
            if (file.Content.Any(c => c is not ('\n' or '\t') && !Visible.IsPlain(c)))
            {
                throw new Violation($"{file.Path} has a control character");
            }

            var pattern = Path.GetExtension(file.Path) switch
            {
                ".service" or ".socket" => UnitLine(),
                ".conf" when file.Path.Contains("/systemd/", StringComparison.Ordinal) => UnitLine(),
                ".conf" when file.Path.EndsWith("/resolv.conf", StringComparison.Ordinal) => ResolverLine(),
                ".nft" => RulesetLine(),
                _ => null,
            };
            if (pattern is not null && file.Content.Split('\n').FirstOrDefault(l => !pattern.IsMatch(l)) is { } line)
            {
                throw new Violation($"{file.Path} has the line {line}");
            }

            if (file.Path.EndsWith(".json", StringComparison.Ordinal))
            {
                using var json = JsonDocument.Parse(file.Content);
            }
        }
    }

    // The only specifiers of ours are %i and %n; every other % is doubled. Options of a tmpfs have no specifiers.
    [GeneratedRegex(@"^(|#.*|\[(X-)?[A-Z][a-zA-Z]*\]|[A-Z][A-Za-z0-9]*=([^%]|%%|%[in])*|TemporaryFileSystem=/dev/shm:.*size=50%)$")]
    private static partial Regex UnitLine();

    [GeneratedRegex(@"^(|#[ -~]*|nameserver [0-9a-f.:]+|search( [A-Za-z0-9_.-]+)+|options [a-z0-9: -]+)$")]
    private static partial Regex ResolverLine();

    [GeneratedRegex("^(#[ -~]*|[ \\tA-Za-z0-9_.,:;{}@/=!<>*+&|()\"-]*)$")]
    private static partial Regex RulesetLine();
}
