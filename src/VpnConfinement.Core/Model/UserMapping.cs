namespace VpnConfinement.Model;

/// <summary>
/// The user namespace of a service (systemd.exec(5), PrivateUsers=). A process in one of its own reaches none of the
/// host's processes, those of the same user included (S-37, docs/adr/0017).
/// </summary>
public enum UserMapping
{
    /// <summary>The host's.</summary>
    Host,

    /// <summary>Its own, in which root and the service's user and group have their numbers and others none.</summary>
    Self,

    /// <summary>Its own, in which the first 65,536 users and groups have their numbers (systemd 257).</summary>
    Identity,
}
