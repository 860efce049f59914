using System.CommandLine;

namespace VpnConfinement.Cli.Commands;

/// <summary>A command with all that its help, its manual page and the completions say of it.</summary>
/// <param name="name">The word to type.</param>
/// <param name="summary">What it does, as an imperative clause without a full stop, in at most 58 characters.</param>
internal sealed class Verb(string name, string summary) : Command(name, summary)
{
    /// <summary>Where the list of commands has it.</summary>
    internal required VerbGroup Group { get; init; }

    /// <summary>What else is to be known, in paragraphs with an empty line between.</summary>
    internal string Details { get; init; } = "";

    /// <summary>Lines to type; at least one. A test parses each.</summary>
    internal required IReadOnlyList<Example> Examples { get; init; }

    /// <summary>With which statuses it ends, in order.</summary>
    internal IReadOnlyList<ExitStatus> Exits { get; init; } = ExitStatus.Common;

    /// <summary>With which status a command line ends that cannot be understood.</summary>
    internal int UsageStatus { get; init; } = ExitCodes.Usage;

    /// <summary>The argument that has to stand behind <c>--</c>; null where none has.</summary>
    internal Argument? BehindDashes { get; init; }

    /// <summary>Files that it reads or writes.</summary>
    internal IReadOnlyList<KnownFile> Files { get; init; } = [];
}
