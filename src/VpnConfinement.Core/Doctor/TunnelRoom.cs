namespace VpnConfinement.Doctor;

/// <summary>How large a packet in a tunnel may be, as requests of several sizes tell.</summary>
/// <param name="Request">What was sent to whom, as <c>echo requests to 10.64.0.1</c>.</param>
/// <param name="Answered">Size in bytes of the largest packet that was answered.</param>
/// <param name="Unanswered">
/// Size of the smallest that was not, each time it was tried; null where one of the tunnel's own MTU was answered.
/// </param>
public sealed record TunnelRoom(string Request, int Answered, int? Unanswered);
