namespace VpnConfinement.Linux.Exec;

/// <summary>What a transient unit runs, and how.</summary>
/// <param name="User">Name or number of the user.</param>
/// <param name="Folder">The folder that it starts in.</param>
/// <param name="Variables">The file of its variables.</param>
/// <param name="Umask">Its mask of modes, octal.</param>
/// <param name="Terminal">Whether it has a terminal of its own; else it has the caller's standard streams.</param>
/// <param name="Words">The program and its arguments.</param>
internal sealed record TransientCommand(
    string User, string Folder, string Variables, string Umask, bool Terminal, IReadOnlyList<string> Words);
