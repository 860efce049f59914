namespace VpnConfinement.Doctor;

/// <summary>The inotify instances of root (inotify(7)): each watcher and each wireguard-go needs one.</summary>
/// <param name="Used">How many there are.</param>
/// <param name="Most"><c>fs.inotify.max_user_instances</c>.</param>
public sealed record InotifyUse(int Used, int Most);
