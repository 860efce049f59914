using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace VpnConfinement.Linux;

/// <summary>The machine refused or failed: what was being done, and why. Never holds a secret.</summary>
[SuppressMessage("Naming", "CA1710", Justification = "It names what happened; 'exception' would add nothing.")]
public sealed class SystemFailure : Exception
{
    /// <summary>A failure that has no errno of its own.</summary>
    /// <param name="message">One sentence: what failed, and what to do where that is known.</param>
    /// <param name="inner">What led to it, or null.</param>
    public SystemFailure(string message, Exception? inner = null)
        : base(Clause(message), inner)
    {
    }

    /// <summary>A failure that the user can do something about.</summary>
    /// <param name="message">What was being done, and what went wrong.</param>
    /// <param name="remedy">What to do.</param>
    /// <param name="inner">What led to it, or null.</param>
    public SystemFailure(string message, string remedy, Exception? inner = null)
        : base(Clause(message), inner) => Remedy = remedy;

    /// <summary>A system call or a request that the kernel refused.</summary>
    /// <param name="doing">What was being done, to follow "cannot": <c>create link wg0</c>.</param>
    /// <param name="errno">The kernel's error number, positive.</param>
    /// <param name="kernelMessage">The kernel's own words (netlink's extended acknowledgement), or null.</param>
    public SystemFailure(string doing, int errno, string? kernelMessage = null)
        : base($"cannot {doing}: {Marshal.GetPInvokeErrorMessage(errno)} (errno {errno}){(kernelMessage is null ? "" : $": {kernelMessage}")}")
    {
        Errno = errno;
        KernelMessage = kernelMessage;
    }

    /// <summary>What to do, or null where the message says it or nothing is known.</summary>
    public string? Remedy { get; }

    /// <summary>The kernel's error number, positive; 0 where there is none.</summary>
    public int Errno { get; }

    /// <summary>The kernel's own words, or null.</summary>
    public string? KernelMessage { get; }

    /// <summary>Several failures of one teardown as one.</summary>
    public static SystemFailure Of(string doing, IReadOnlyList<Exception> failures) =>
        new($"cannot {doing}: {string.Join("; ", failures.Select(failure => Clause(failure.Message)))}", new AggregateException(failures));

    // Other text is put behind it; the runtime's own messages are sentences.
    private static string Clause(string message) =>
        message.EndsWith('.') && !message.EndsWith("..", StringComparison.Ordinal) ? message[..^1] : message;
}
