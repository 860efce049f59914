using System.Runtime.InteropServices;

namespace VpnConfinement.Linux.Interop;

/// <summary>libnftables(3). Found by the system's loader only, never in the program's own folder.</summary>
internal static unsafe partial class LibNftables
{
    private const string Name = "libnftables.so.1";

    [LibraryImport(Name)]
    internal static partial nint nft_ctx_new(uint flags);

    [LibraryImport(Name)]
    internal static partial void nft_ctx_free(nint context);

    [LibraryImport(Name)]
    internal static partial int nft_ctx_buffer_output(nint context);

    [LibraryImport(Name)]
    internal static partial int nft_ctx_buffer_error(nint context);

    [LibraryImport(Name)]
    internal static partial byte* nft_ctx_get_error_buffer(nint context);

    [LibraryImport(Name)]
    internal static partial void nft_ctx_set_dry_run(nint context, [MarshalAs(UnmanagedType.U1)] bool dry);

    [LibraryImport(Name, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int nft_run_cmd_from_filename(nint context, string path);
}
