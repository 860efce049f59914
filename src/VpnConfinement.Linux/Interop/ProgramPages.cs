using System.Globalization;

namespace VpnConfinement.Linux.Interop;

/// <summary>The pages of this program's own file that are mapped: code and constants.</summary>
internal static unsafe class ProgramPages
{
    /// <summary>
    /// Gives them back; what is used again is mapped again from the file. A start touches all of the program, and what
    /// goes on for weeks a small part. Only mappings that nothing was ever written to are given back
    /// (proc_pid_smaps(5)): those hold what the file holds.
    /// </summary>
    internal static void Release()
    {
        (nuint Start, nuint End)? ours = null;
        foreach (var line in Lines())
        {
            // 'START-END PERMISSIONS OFFSET DEVICE INODE PATH' of a mapping, then its properties, a line each.
            var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            if (words is [var range, { Length: 4 } permissions, _, _, _, ..])
            {
                var isOurs = words.Length > 5 && words[5] == Environment.ProcessPath;
                ours = isOurs && permissions[1] == '-' ? Range(range) : null;
            }
            else if (words is ["Anonymous:", "0", _] && ours is { } unwritten)
            {
                // An advice: where the kernel does not take it, the pages stay.
                _ = Libc.madvise(
                    (void*)unwritten.Start, unwritten.End - unwritten.Start, LibcConstants.MADV_DONTNEED);
            }
        }
    }

    private static IEnumerable<string> Lines()
    {
        try
        {
            return [.. KernelFile.ReadLines("/proc/self/smaps")];
        }
        catch (SystemFailure)
        {
            // A kernel without CONFIG_PROC_PAGE_MONITOR has no such file. The pages stay, which costs memory alone.
            return [];
        }
    }

    private static (nuint Start, nuint End)? Range(string range) =>
        range.Split('-') is [var start, var end]
        && nuint.TryParse(start, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var from)
        && nuint.TryParse(end, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var to)
            ? (from, to)
            : null;
}
