namespace VpnConfinement.Health;

/// <summary>What counters of what is sent and what comes back say of whoever is asked.</summary>
public enum AnswerState
{
    /// <summary>Nothing was sent, so nothing is known.</summary>
    Idle,

    /// <summary>Something was sent a moment ago, and nothing came back ever.</summary>
    Waiting,

    /// <summary>It answered, or may still do so.</summary>
    Answering,

    /// <summary>What is sent is not answered.</summary>
    Silent,
}
