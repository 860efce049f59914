namespace VpnConfinement.Cli.Completion;

/// <summary>A word that may follow.</summary>
/// <param name="Word">The word.</param>
/// <param name="About">What it is, in a line; empty where nothing is known.</param>
internal sealed record Candidate(string Word, string About)
{
    /// <summary>Tells the shell to complete names of files. No word of ours begins with a colon.</summary>
    internal static Candidate Files { get; } = new(":files", "");

    /// <summary>Tells the shell to complete names of folders.</summary>
    internal static Candidate Folders { get; } = new(":folders", "");
}
