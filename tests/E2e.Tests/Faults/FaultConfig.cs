using VpnConfinement.Lab.Scenarios;

namespace VpnConfinement.E2e.Tests.Faults;

/// <summary>A configuration of the fault tests: one namespace, one service that is always confined and another beside it.</summary>
/// <param name="Other">The other service.</param>
/// <param name="Port">A published port.</param>
/// <param name="Works">Whether the provider knows the key; a tunnel with another is up and carries nothing.</param>
public sealed record FaultConfig(string Other, int Port, bool Works = true)
{
    public const string Always = "steady";

    public bool Confines(string service) => service == Always || service == Other;

    public string Text => $$"""
        [namespaces.media]
        wireguard.configFile = "{{Laboratory.ProviderFile}}"
        publishToHost.tcp = [{{Port}}]

        [services]
        {{Always}}.vpn = { namespace = "media" }
        {{Other}}.vpn = { namespace = "media" }

        """;
}
