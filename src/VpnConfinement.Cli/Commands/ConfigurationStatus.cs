using VpnConfinement.Compile;
using VpnConfinement.Diagnostics;
using VpnConfinement.Health;
using VpnConfinement.Linux;
using VpnConfinement.Linux.Apply;
using VpnConfinement.Linux.Systemd;

namespace VpnConfinement.Cli.Commands;

/// <summary>Whether the configuration is what was applied.</summary>
internal static class ConfigurationStatus
{
    private const string Name = "configuration";

    /// <summary>Looks; null where nothing is applied, so that there is nothing to compare.</summary>
    internal static HealthEntry? Read(ConfigSource source)
    {
        try
        {
            var applied = ManifestStore.LoadKnown();
            return applied.Namespaces.Count + applied.Files.Count == 0 ? null : HealthEntry.Of(HealthKind.Host, null, Name, Judge(source));
        }
        catch (Exception e) when (e is SystemFailure or IOException or UnauthorizedAccessException)
        {
            return HealthEntry.Of(HealthKind.Host, null, Name, new Condition(HealthState.Unknown, $"the configuration could not be compared: {e.Message}", null, "vpn-confinement check"));
        }
    }

    private static Condition Judge(ConfigSource source)
    {
        if (source.IsAbsent)
        {
            return new Condition(HealthState.Idle, $"there is no {ConfigSource.DefaultFile} to compare with", null, "vpn-confinement status --config FILE");
        }

        var loaded = ConfigPipeline.Load(source);
        if (loaded.Confinement is not { } confinement)
        {
            var errors = loaded.Findings.Where(f => f.Severity is Severity.Error).ToList();
            return ConfigurationHealth.Refused($"{errors[0].Code} at {errors[0].Span.File}:{errors[0].Span.Line}: {errors[0].Message.TrimEnd('.')}", errors.Count - 1);
        }

        var tree = Compiler.Compile(confinement, BinaryPath.Own(), SocketProxy.In("/") ?? Compiler.DefaultSocketProxy);
        return ConfigurationHealth.Judge(ManifestStore.LoadKnown(), tree, KeyCopies.Changed(tree));
    }
}
