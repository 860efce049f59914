using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;
using VpnConfinement.Linux.Interop;
using VpnConfinement.Linux.Namespaces;

namespace VpnConfinement.Linux.Nftables;

/// <summary>One libnftables context. It acts in the netns in which it was made, so it lives and ends on a thread inside that netns.</summary>
internal sealed unsafe class NftContext : IDisposable
{
    // Protocols as numbers: their names come from /etc/protocols, which the listing must not depend on.
    private const uint ListFlags = LibNftables.NFT_CTX_OUTPUT_STATELESS | LibNftables.NFT_CTX_OUTPUT_NUMERIC_PROTO;

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
    internal static NftContext Here() => new();

    /// <summary>Runs code with a context inside a netns.</summary>
    internal static T RunIn<T>(SafeFileHandle netns, Func<NftContext, T> work) => NetnsThread.Run(netns, () => With(work));

    /// <summary>Runs code with a context in the caller's netns.</summary>
    internal static T RunHere<T>(Func<NftContext, T> work) => NetnsThread.RunHere(() => With(work));

    /// <summary>Has a ruleset judged in the calling thread's netns without loading it.</summary>
    /// <param name="text">The ruleset.</param>
    /// <param name="doing">What was being done, for the failure.</param>
    internal static void Check(string text, string doing) => With(context =>
    {
        // In a context of its own: a dry run leaves what it would have made in the context's cache, and a load after it would stumble over that.
        LibNftables.nft_ctx_set_dry_run(context._context, true);
        context.RunFile(text, doing);
        return true;
    });

    /// <summary>Loads a ruleset, all of it or nothing.</summary>
    internal void Load(string text, string doing) => RunFile(text, doing);

    /// <summary>A table of family inet as text, without counters and handles; null where there is no such table.</summary>
    internal string? List(string table)
    {
        LibNftables.nft_ctx_output_set_flags(_context, ListFlags);
        if (LibNftables.nft_run_cmd_from_buffer(_context, $"list table inet {table}") == 0)
        {
            return Output();
        }

        var error = Error();
        return IsAbsent(error)
            ? null
            : throw new SystemFailure($"cannot list table inet {table}: {error}");
    }

    /// <summary>The named counters of a table, as libnftables' JSON (libnftables-json(5)).</summary>
    internal string ListCounters(string table)
    {
        LibNftables.nft_ctx_output_set_flags(_context, LibNftables.NFT_CTX_OUTPUT_JSON);
        return LibNftables.nft_run_cmd_from_buffer(_context, $"list counters table inet {table}") == 0
            ? Output()
            : throw new SystemFailure($"cannot list the counters of table inet {table}: {Error()}");
    }

    /// <summary>Deletes a table of family inet; one that is absent is fine.</summary>
    internal void Delete(string table)
    {
        if (LibNftables.nft_run_cmd_from_buffer(_context, $"delete table inet {table}") != 0 && Error() is var error && !IsAbsent(error))
        {
            throw new SystemFailure($"cannot delete table inet {table}: {error}");
        }
    }

    /// <inheritdoc/>
    public void Dispose() => LibNftables.nft_ctx_free(_context);

    private static T With<T>(Func<NftContext, T> work)
    {
        try
        {
            using var context = new NftContext();
            return work(context);
        }
        catch (DllNotFoundException e)
        {
            throw new SystemFailure("nftables is not installed: libnftables.so.1 not found; install package nftables", e);
        }
    }

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

    private static bool IsAbsent(string error) => error.Contains("No such file or directory", StringComparison.Ordinal);

    private string Output() => Marshal.PtrToStringUTF8((nint)LibNftables.nft_ctx_get_output_buffer(_context)) ?? "";

    private string Error() => Marshal.PtrToStringUTF8((nint)LibNftables.nft_ctx_get_error_buffer(_context))?.Trim() ?? "";
}
