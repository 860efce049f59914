namespace VpnConfinement.Lab.Scenarios;

/// <summary>How a check ended. Not knowing is not passing.</summary>
public enum Outcome
{
    Pass,
    Fail,
    Inconclusive,
}
