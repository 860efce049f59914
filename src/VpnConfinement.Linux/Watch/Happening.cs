namespace VpnConfinement.Linux.Watch;

/// <summary>What the kernel told of while the watcher waited.</summary>
/// <param name="Changed">Links, addresses, routes, or one of our tables or routing rules changed, or may have.</param>
/// <param name="HostMounts">Something was mounted or unmounted on the host: the name of a netns may be gone.</param>
/// <param name="ServiceMounts">Something was mounted or unmounted in a service: a pinned file may be gone.</param>
internal readonly record struct Happening(bool Changed, bool HostMounts, bool ServiceMounts)
{
    /// <summary>What happened in one or the other.</summary>
    public static Happening operator |(Happening one, Happening other) => new(
        one.Changed || other.Changed, one.HostMounts || other.HostMounts, one.ServiceMounts || other.ServiceMounts);
}
