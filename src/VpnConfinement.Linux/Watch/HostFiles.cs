using VpnConfinement.Linux.Interop;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Watch;

/// <summary>
/// Whether the host put something else in the place of its resolver files. Where it replaced a file, the kernel
/// detached what was mounted on it in every mount namespace, in those that may not be entered as well. Where it moved
/// the file away, the mount went along under another name, and no namespace has a word of it. No descriptor is kept on
/// the files, which would keep their file system busy.
/// </summary>
/// <param name="files">The files.</param>
internal sealed class HostFiles(IReadOnlyList<PinnedFile> files)
{
    private readonly Seen[] _last = [.. files.Select(f => Look(f.Target))];

    /// <summary>
    /// What happened since the last look. A file that is missing is no replacement yet: without it a service does not
    /// start.
    /// </summary>
    internal HostFileChange Look()
    {
        var change = HostFileChange.None;
        for (var i = 0; i < _last.Length; i++)
        {
            var now = Look(files[i].Target);
            var found = now.IsSameFileAs(_last[i])
                ? now.IsSameTargetAs(_last[i]) ? HostFileChange.None : HostFileChange.Target
                : now.File is null ? HostFileChange.Target : HostFileChange.Replaced;
            change = found > change ? found : change;
            _last[i] = now;
        }

        return change;
    }

    private static Seen Look(string path)
    {
        try
        {
            var (file, born) = Kernel.IdentifyBorn(path);
            return new Seen(file, born, Kernel.IdentifyTarget(path));
        }
        catch (SystemFailure)
        {
            // Missing, or not to be seen just now.
            return default;
        }
    }

    // Links are themselves in File, and what they lead to in Target.
    private readonly record struct Seen(FileIdentity? File, ulong Born, FileIdentity? Target)
    {
        internal bool IsSameFileAs(Seen other) => Born == other.Born && IsSame(File, other.File);

        internal bool IsSameTargetAs(Seen other) => IsSame(Target, other.Target);

        private static bool IsSame(FileIdentity? one, FileIdentity? other) => one?.IsSameAs(other) ?? other is null;
    }
}
