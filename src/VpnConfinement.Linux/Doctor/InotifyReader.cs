using System.Globalization;
using VpnConfinement.Doctor;
using VpnConfinement.Linux.Interop;

namespace VpnConfinement.Linux.Doctor;

/// <summary>Counts the inotify instances of root; one that descriptors share is counted once a descriptor.</summary>
internal static class InotifyReader
{
    private const string Most = "/proc/sys/fs/inotify/max_user_instances";
    private const string Instance = "anon_inode:inotify";

    internal static InotifyUse Read()
    {
        var most = int.Parse(KernelFile.ReadText(Most), CultureInfo.InvariantCulture);
        return new InotifyUse(Processes().Sum(Instances), most);
    }

    private static IEnumerable<string> Processes() =>
        Directory.EnumerateDirectories("/proc").Where(p => char.IsAsciiDigit(Path.GetFileName(p)[0]));

    private static int Instances(string process)
    {
        try
        {
            return Kernel.Identify(process).Uid != 0 ? 0
                : Directory.EnumerateFileSystemEntries(process + "/fd")
                    .Count(d => new FileInfo(d).LinkTarget == Instance);
        }
        catch (Exception e) when (e is SystemFailure or IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile, or is nobody's to look into: what it holds is not counted.
            return 0;
        }
    }
}
