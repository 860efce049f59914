using System.Diagnostics.CodeAnalysis;
using VpnConfinement.Text;

namespace VpnConfinement.Linux;

/// <summary>A name on the command line that nothing has. The machine did not fail.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "It names what happened, as SystemFailure does.")]
public sealed class UnknownName : Exception
{
    /// <summary>A name that nothing has.</summary>
    /// <param name="message">What is not there, as a clause.</param>
    /// <param name="remedy">What lists the names that there are.</param>
    public UnknownName(string message, string remedy)
        : base(message) => Remedy = remedy;

    /// <summary>A name that may be misspelt.</summary>
    /// <param name="message">What is not there, as a clause.</param>
    /// <param name="name">The name as it was typed.</param>
    /// <param name="known">The names that there are.</param>
    /// <param name="remedy">What lists them.</param>
    public UnknownName(string message, string name, IEnumerable<string> known, string remedy)
        : this(message, NearestName.Of(name, known) is { } near ? $"did you mean '{near}'? {remedy}" : remedy)
    {
    }

    /// <summary>What to type next.</summary>
    public string Remedy { get; }
}
