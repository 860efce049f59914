namespace VpnConfinement.Validation;

/// <summary>A user as passwd(5) has it.</summary>
/// <param name="Name">The name.</param>
/// <param name="Number">The user id.</param>
/// <param name="Home">The home folder.</param>
/// <param name="Shell">What runs at a login; empty for the usual shell.</param>
public sealed record HostUser(string Name, uint Number, string Home, string Shell);
