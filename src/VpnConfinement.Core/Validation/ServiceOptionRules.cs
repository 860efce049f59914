using VpnConfinement.Model;
using VpnConfinement.Text;

namespace VpnConfinement.Validation;

/// <summary>VPC003, VPC064, VPC086, VPC107 and VPC113: what the configuration itself gives back to a service.</summary>
internal static class ServiceOptionRules
{
    internal static void Check(ServiceUnit service, HostFacts facts)
    {
        CheckBind(service, facts);
        CheckFamilies(service);
        CheckCapabilities(service);
        CheckRunPaths(service);
        CheckAllow(service);
        WritePathRules.Check(service, facts);
    }

    // A systemd without the framework takes the lines and enforces nothing, without a word.
    private static void CheckBind(ServiceUnit service, HostFacts facts)
    {
        if (service.Written.RestrictBind is { Value: true } written && facts.Systemd is not { HasBpfFramework: true })
        {
            service.Findings.Warning(
                "VPC107", service.Written.Path + ".restrictBind", written.Span,
                facts.Systemd is { Version: var version }
                    ? $"systemd {version} of this host was built without the BPF framework, so it does not enforce restrictBind."
                    : "Whether the systemd of the host enforces restrictBind cannot be told from here.",
                "The ruleset still lets nobody reach other ports; see 'systemctl --version' for +BPF_FRAMEWORK.");
        }
    }

    private static void CheckFamilies(ServiceUnit service)
    {
        var path = service.Written.Path + ".extraAddressFamilies";
        foreach (var family in service.Written.ExtraAddressFamilies)
        {
            if (!family.Value.StartsWith("AF_", StringComparison.Ordinal) || family.Value.Length is < 4 or > 32 || !family.Value.All(c => char.IsAsciiLetterUpper(c) || char.IsAsciiDigit(c) || c == '_'))
            {
                service.Findings.Error("VPC003", path, family.Span, $"'{Visible.Text(family.Value)}' is not an address family.", "Write a name of address_families(7), as AF_INET6.");
            }
            else if (AddressFamilies.IsUnseen(family.Value))
            {
                service.Weak("VPC086", "VPC113", path, family.Span, $"{family.Value} is an address family that no ruleset sees.", $"Take it out of {path}.");
            }
        }
    }

    private static void CheckCapabilities(ServiceUnit service)
    {
        var path = service.Written.Path + ".capabilities";
        foreach (var capability in service.Written.Capabilities)
        {
            if (!CapabilityNames.All.Contains(capability.Value))
            {
                var near = NearestName.Of(capability.Value, CapabilityNames.All);
                service.Findings.Error("VPC003", path, capability.Span, $"'{Visible.Text(capability.Value)}' is not a capability.", near is null ? "Write a name of capabilities(7), as CAP_NET_BIND_SERVICE." : $"Did you mean '{near}'?");
            }
            else if (CapabilityNames.IsEscape(capability.Value))
            {
                service.Weak("VPC086", "VPC113", path, capability.Span, $"With {capability.Value} a service can change its network or leave its namespace.", $"Take it out of {path}.");
            }
        }
    }

    // Each gives the service a way out back that isolation closes (S-33).
    private static void CheckAllow(ServiceUnit service)
    {
        var path = service.Written.Path + ".allow";
        foreach (var allowed in service.Written.Allow)
        {
            service.Weak("VPC086", "VPC113", path, allowed.Span, $"{Consequence(allowed.Value)}.", $"Take it out of {path}.");
        }
    }

    private static string Consequence(IsolationOptOut optOut) => optOut switch
    {
        IsolationOptOut.ForeignArchitectures =>
            "With foreignArchitectures a service makes system calls that RestrictAddressFamilies= does not see",
        IsolationOptOut.IoUring => "With ioUring a service makes sockets of families that RestrictAddressFamilies= forbids",
        IsolationOptOut.Keyring =>
            "With keyring a service can have the kernel run a program of the host, which may look a name up outside the tunnel",
        IsolationOptOut.SharedMemory => "With sharedMemory a service shares /dev/shm with programs of the host",
        IsolationOptOut.Engines => "With engines a service reaches the sockets of container engines, which act outside the tunnel",
        _ => throw new ArgumentOutOfRangeException(nameof(optOut)),
    };

    private static void CheckRunPaths(ServiceUnit service)
    {
        var path = service.Written.Path + ".runPaths";
        foreach (var run in service.Written.RunPaths)
        {
            if (!AbsolutePath.IsValid(run.Value) || !run.Value.StartsWith("/run/", StringComparison.Ordinal) || run.Value.Contains(':', StringComparison.Ordinal))
            {
                service.Findings.Error("VPC064", path, run.Span, $"'{Visible.Text(run.Value)}' is not a path below /run.", "Write such a path, as /run/postgresql.");
            }
            else if (HostSockets.KeptAway(run.Value) is { } kept)
            {
                service.Findings.Error("VPC064", path, run.Span, $"{Visible.Text(run.Value)} would bring back {kept}, by which a service gets out of its namespace or asks a resolver of the host.", "Take it out.");
            }
        }
    }
}
