using System.Runtime.InteropServices;
using System.Text;
using VpnConfinement.Linux.Interop;

namespace VpnConfinement.Linux.Nftables;

/// <summary>
/// One libnftables context, which loads rulesets and nothing else. It acts in the netns in which it was made.
/// </summary>
internal sealed unsafe class NftContext : IDisposable
{
    private const string Absent = "cannot open shared object file: No such file or directory";

    private readonly nint _context;

    private NftContext()
    {
        _context = LibNftables.nft_ctx_new(0);
        if (_context == 0)
        {
            throw new SystemFailure("cannot start libnftables: out of memory");
        }

        if (LibNftables.nft_ctx_buffer_output(_context) != 0 || LibNftables.nft_ctx_buffer_error(_context) != 0)
        {
            LibNftables.nft_ctx_free(_context);
            throw new SystemFailure("cannot start libnftables: no buffer for its output");
        }
    }

    /// <summary>A context in the calling thread's netns.</summary>
    /// <exception cref="SystemFailure">The library is not there, or cannot be loaded.</exception>
    internal static NftContext Here()
    {
        try
        {
            return new NftContext();
        }
        catch (DllNotFoundException e)
        {
            throw Unusable(e);
        }
    }

    /// <summary>Has a ruleset judged in the calling thread's netns without loading it.</summary>
    /// <param name="text">The ruleset.</param>
    /// <param name="doing">What was being done, for the failure.</param>
    internal static void Check(string text, string doing)
    {
        // In a context of its own: a dry run leaves what it would have made in the context's cache, and a load after it would stumble over that.
        using var context = Here();
        LibNftables.nft_ctx_set_dry_run(context._context, true);
        context.RunFile(text, doing);
    }

    /// <summary>Loads a ruleset, all of it or nothing.</summary>
    internal void Load(string text, string doing) => RunFile(text, doing);

    /// <inheritdoc/>
    public void Dispose() => LibNftables.nft_ctx_free(_context);

    /// <summary>
    /// Why the library could not be loaded, for the user. In the middle of an upgrade it may need a newer libc than is
    /// there.
    /// </summary>
    internal static SystemFailure Unusable(DllNotFoundException e) => Reason(e.Message) is { } reason
        ? new SystemFailure(
            $"libnftables.so.1 cannot be loaded: {reason}",
            "let an upgrade of packages that is under way end, or install package nftables again", e)
        : new SystemFailure("nftables is not installed: libnftables.so.1 not found; install package nftables", e);

    // The runtime repeats the loader's words for each name that it tried. What counts is any of them but that there is
    // no file of such a name.
    private static string? Reason(string message) => message.Split('\n').Select(line => line.Trim()).FirstOrDefault(line =>
        line.Contains(".so", StringComparison.Ordinal) && line.Contains(": ", StringComparison.Ordinal)
        && !line.StartsWith("Unable to load", StringComparison.Ordinal)
        && !(line.Contains("libnftables.so.1", StringComparison.Ordinal) && line.EndsWith(Absent, StringComparison.Ordinal)));

    // From a file, not from a buffer: only then do errors have line numbers.
    private void RunFile(string text, string doing)
    {
        using var file = Kernel.MemoryFile("ruleset", Encoding.UTF8.GetBytes(text));
        var held = false;
        try
        {
            file.DangerousAddRef(ref held);
            var path = $"/proc/self/fd/{file.DangerousGetHandle()}";
            if (LibNftables.nft_run_cmd_from_filename(_context, path) != 0)
            {
                throw new SystemFailure($"cannot {doing}: {Error().Replace(path, "ruleset", StringComparison.Ordinal)}");
            }
        }
        finally
        {
            if (held)
            {
                file.DangerousRelease();
            }
        }
    }

    private string Error() => Marshal.PtrToStringUTF8((nint)LibNftables.nft_ctx_get_error_buffer(_context))?.Trim() ?? "";
}
