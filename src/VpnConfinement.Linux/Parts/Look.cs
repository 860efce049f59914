using VpnConfinement.Drift;

namespace VpnConfinement.Linux.Parts;

/// <summary>Looks at one thing; a failure of the system means that it could not be seen.</summary>
internal static class Look
{
    /// <summary>Looks.</summary>
    internal static Observation<T> At<T>(Func<T> see)
    {
        try
        {
            return new Observation<T>.Known(see());
        }
        catch (Exception e) when (e is SystemFailure or IOException or UnauthorizedAccessException)
        {
            return new Observation<T>.Unknown(e.Message);
        }
    }
}
