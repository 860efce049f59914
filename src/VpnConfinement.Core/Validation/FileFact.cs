using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>What the host says about a file that the configuration names.</summary>
public abstract record FileFact
{
    private FileFact()
    {
    }

    /// <summary>There is no such file.</summary>
    public sealed record Missing : FileFact;

    /// <summary>It is there and cannot be looked at, which is never taken for fine.</summary>
    /// <param name="Reason">The system's own words.</param>
    public sealed record Unreadable(string Reason) : FileFact;

    /// <summary>It is there.</summary>
    /// <param name="OthersCanRead">True when its group or everyone may read it.</param>
    /// <param name="Text">Its text, for a file that is read when the configuration is checked; null for a key file.</param>
    public sealed record Present(bool OthersCanRead, SourceText? Text) : FileFact;
}
