namespace VpnConfinement.E2e.Tests.Faults;

/// <summary>What a fault has brought about that it may not.</summary>
internal sealed class FaultException(string message) : Exception(message);
