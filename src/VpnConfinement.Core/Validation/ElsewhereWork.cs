namespace VpnConfinement.Validation;

/// <summary>Work of a service that is not done in its own network namespace.</summary>
/// <param name="Words">The words of the command that say so: <c>docker run</c>.</param>
/// <param name="IsDaemon">
/// True where another daemon does it; false where it may be done in a container that is there already.
/// </param>
internal sealed record ElsewhereWork(string Words, bool IsDaemon);
