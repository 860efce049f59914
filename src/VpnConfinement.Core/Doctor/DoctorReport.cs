using System.Text;

namespace VpnConfinement.Doctor;

/// <summary>The file for a bug report.</summary>
public static class DoctorReport
{
    private const string Note =
        "Keys, addresses, and names of hosts, namespaces, links, units, users and files are left out of this file.\n";

    private const string WithNamesNote = "This file has addresses and names of the host. Keys are left out.\n";

    /// <summary>Writes it.</summary>
    /// <param name="document">What <c>doctor</c> says.</param>
    /// <param name="system">The distribution, the version of its kernel, and the architecture.</param>
    /// <param name="names">Names that are left out; null to leave out keys alone.</param>
    public static string Write(DoctorDocument document, string system, IReadOnlyCollection<KnownName>? names)
    {
        var redactor = names is null ? null : new Redactor(names);
        string Clean(string text) => redactor is null ? Redactor.WithoutKeys(text) : redactor.Redact(text);

        var clean = document with
        {
            Facts = [.. document.Facts.Select(f => f with
            {
                Value = f.Value is { } value ? Clean(value) : null,
                Reason = f.Reason is { } reason ? Clean(reason) : null,
            })],
            Findings = [.. document.Findings.Select(f => f with
            {
                Namespace = null,
                Message = Clean(f.Message),
                Remedy = Clean(f.Remedy),
            })],
        };
        return new StringBuilder("vpn-confinement doctor, a report\n")
            .Append(names is null ? WithNamesNote : Note).Append('\n')
            .Append("program  ").Append(document.Program).Append('\n')
            .Append("system   ").Append(Clean(system)).Append('\n').Append('\n')
            .Append(DoctorText.Write(clean, (text, _) => text))
            .ToString();
    }
}
