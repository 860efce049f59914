using VpnConfinement.Linux.Interop;
using VpnConfinement.Plan;

namespace VpnConfinement.Linux.Watch;

/// <summary>
/// Whether the host put something else in the place of its resolver files: the kernel then detaches what was mounted on
/// them in every mount namespace, in those that may not be entered as well. No descriptor is kept on them, which would
/// keep their file system busy.
/// </summary>
/// <param name="files">The files.</param>
internal sealed class HostFiles(IReadOnlyList<PinnedFile> files)
{
    private readonly (FileIdentity File, ulong Born)?[] _last = [.. files.Select(f => Look(f.Target))];

    /// <summary>
    /// Whether one was replaced since the last look. One that is missing is no replacement yet: without it a service
    /// does not start.
    /// </summary>
    internal bool IsReplaced()
    {
        var replaced = false;
        for (var i = 0; i < _last.Length; i++)
        {
            var now = Look(files[i].Target);
            replaced |= now is { } file
                && !(_last[i] is { } last && file.File.IsSameAs(last.File) && file.Born == last.Born);
            _last[i] = now;
        }

        return replaced;
    }

    private static (FileIdentity File, ulong Born)? Look(string path)
    {
        try
        {
            return Kernel.IdentifyBorn(path);
        }
        catch (SystemFailure)
        {
            // Missing, or not to be seen just now.
            return null;
        }
    }
}
