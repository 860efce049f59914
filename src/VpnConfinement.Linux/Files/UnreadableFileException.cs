using System.Diagnostics.CodeAnalysis;

namespace VpnConfinement.Linux.Files;

/// <summary>A file that is there and cannot be read: it is no regular file, is too large, or the disk failed.</summary>
[SuppressMessage("Design", "CA1032", Justification = "It always has a path and a reason.")]
public sealed class UnreadableFileException : IOException
{
    /// <summary>A file and why it cannot be read.</summary>
    /// <param name="path">Where it lies.</param>
    /// <param name="reason">Why, to follow "cannot be read:".</param>
    /// <param name="inner">What led to it, or null.</param>
    public UnreadableFileException(string path, string reason, Exception? inner = null)
        : base($"{path} cannot be read: {reason}", inner) => Reason = reason;

    /// <summary>Why, without the path: <c>it is a named pipe (FIFO), not a regular file</c>.</summary>
    public string Reason { get; }

    /// <summary>What the user can do about it.</summary>
    public static string Remedy => "put a regular file there, or take away what is there, then run this again";
}
