using System.Globalization;
using System.Text;

namespace VpnConfinement.Text;

/// <summary>
/// The one writer of the text format of Prometheus, version 0.0.4: families of samples, each with <c># HELP</c> and
/// <c># TYPE</c> before it. A family without a sample is left out.
/// </summary>
public sealed class ExpositionWriter
{
    private readonly StringBuilder _text = new();

    /// <summary>What was written; each line ends in a newline.</summary>
    public string Text => _text.ToString();

    /// <summary>Writes a value that goes up and down.</summary>
    /// <param name="name">Its name: letters, digits and <c>_</c>.</param>
    /// <param name="help">What it says, with its unit.</param>
    /// <param name="samples">The samples, each with labels of its own.</param>
    public void Gauge(string name, string help, IEnumerable<ExpositionSample> samples) =>
        Family(name, "gauge", help, samples);

    /// <summary>Writes a value that only goes up, but for a new begin at 0.</summary>
    /// <param name="name">Its name, ending in <c>_total</c>.</param>
    /// <param name="help">What it says, with its unit.</param>
    /// <param name="samples">The samples, each with labels of its own.</param>
    public void Counter(string name, string help, IEnumerable<ExpositionSample> samples) =>
        Family(name, "counter", help, samples);

    private void Family(string name, string type, string help, IEnumerable<ExpositionSample> samples)
    {
        var isFirst = true;
        foreach (var sample in samples)
        {
            if (isFirst)
            {
                _text.Append("# HELP ").Append(name).Append(' ').Append(Escape(help, quotes: false)).Append('\n')
                    .Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
                isFirst = false;
            }

            _text.Append(name);
            Labels(sample.Labels);
            _text.Append(' ').Append(sample.Value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
        }
    }

    private void Labels(IReadOnlyList<(string Name, string Value)> labels)
    {
        for (var i = 0; i < labels.Count; i++)
        {
            _text.Append(i == 0 ? '{' : ',').Append(labels[i].Name).Append("=\"")
                .Append(Escape(labels[i].Value, quotes: true)).Append('"');
        }

        _text.Append(labels.Count > 0 ? "}" : "");
    }

    // A value is in quotes, a help text is not; in both a backslash begins an escape, and a newline would end the line.
    private static string Escape(string text, bool quotes)
    {
        var escaped =
            text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }
}
