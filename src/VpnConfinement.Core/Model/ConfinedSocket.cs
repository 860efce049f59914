namespace VpnConfinement.Model;

/// <summary>A socket unit that listens inside the namespace.</summary>
/// <param name="Unit">Its name with suffix.</param>
/// <param name="Service">The service that it starts, confined in the same namespace.</param>
public sealed record ConfinedSocket(UnitName Unit, UnitName Service);
