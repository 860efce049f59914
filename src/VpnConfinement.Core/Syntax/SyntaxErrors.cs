using VpnConfinement.Diagnostics;
using VpnConfinement.Text;

namespace VpnConfinement.Syntax;

/// <summary>
/// A syntax error as a finding. Only the first one of a text is reported, because a parser that lost its way finds others everywhere; and no message of a
/// parser is repeated, because it quotes what it stumbled over, which may be a key without its quotes.
/// </summary>
internal static class SyntaxErrors
{
    internal static void Report(string file, int line, int column, (string Message, string Remedy) words, DiagnosticBag findings) =>
        findings.Error("VPC001", "", new SourceSpan(file, line, column), words.Message, words.Remedy);
}
