using VpnConfinement.Lab.Agents;
using VpnConfinement.Lab.Matrix;

namespace VpnConfinement.E2e.Tests;

/// <summary>A service of <see cref="IsolationMachine"/>.</summary>
/// <param name="Name">Its name.</param>
/// <param name="User">Its user.</param>
/// <param name="Settings">Lines of its unit.</param>
/// <param name="Options">Lines of its table in the configuration.</param>
internal sealed record IsolationCase(string Name, string User, string Settings, string Options)
{
    /// <summary>Whether its configuration gives the call back.</summary>
    public bool GivesBack(TrafficKind kind) => Options.Contains(
        kind.Request.Operation switch
        {
            AgentOperation.OpenByRing => "ioUring",
            AgentOperation.OpenByForeignCall => "foreignArchitectures",
            _ => "keyring",
        },
        StringComparison.Ordinal);
}
