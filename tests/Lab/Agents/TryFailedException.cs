using VpnConfinement.Lab.Interop;

namespace VpnConfinement.Lab.Agents;

/// <summary>A try of an agent ended here, with this error.</summary>
internal sealed class TryFailedException(string stage, string error) : Exception($"{error} at {stage}")
{
    public TryFailedException(string stage, int errno)
        : this(stage, Errno.Name(errno))
    {
    }

    public string Stage { get; } = stage;

    public string Error { get; } = error;
}
