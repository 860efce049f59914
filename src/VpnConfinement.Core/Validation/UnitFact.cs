using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>What the host says about a unit.</summary>
public abstract record UnitFact
{
    private UnitFact()
    {
    }

    /// <summary>No unit file of that name.</summary>
    public sealed record Missing : UnitFact;

    /// <summary>A unit that is masked: linked to /dev/null, or empty. It cannot be started, and what it would say is not known.</summary>
    public sealed record Masked : UnitFact;

    /// <summary>A unit file that cannot be read.</summary>
    /// <param name="Reason">The system's own words.</param>
    public sealed record Unreadable(string Reason) : UnitFact;

    /// <summary>The unit.</summary>
    /// <param name="RealName">Its own name: another one when the configuration names an alias.</param>
    /// <param name="Texts">Its fragment and drop-ins, ours left out, in the order in which systemd applies them.</param>
    public sealed record Present(string RealName, IReadOnlyList<SourceText> Texts) : UnitFact;
}
