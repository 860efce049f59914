using System.Collections.Frozen;
using VpnConfinement.State;

namespace VpnConfinement.Compile.Systemd;

/// <summary>Every key that is ever written, by section (systemd.unit(5), systemd.exec(5), systemd.service(5), systemd.socket(5), systemd.timer(5), systemd.resource-control(5)).</summary>
internal static class UnitKeys
{
    internal static FrozenDictionary<string, FrozenSet<string>> Known { get; } = new Dictionary<string, FrozenSet<string>>
    {
        ["Unit"] = Set(
            "After", "Before", "BindsTo", "ConditionPathExists", "Conflicts", "DefaultDependencies", "Description", "Documentation", "PartOf", "Requires",
            "RequiresMountsFor", "StartLimitIntervalSec", "StopWhenUnneeded", "Wants"),
        ["Service"] = Set(
            "AmbientCapabilities", "BindPaths", "BindReadOnlyPaths", "CapabilityBoundingSet", "DeviceAllow", "DevicePolicy", "DynamicUser", "Environment", "ExecCondition",
            "ExecPaths", "ExecReload", "ExecReloadPost", "ExecStart", "ExecStartPost", "ExecStartPre", "ExecStop",
            "ExecStopPost", "IgnoreSIGPIPE", "InaccessiblePaths", "IPAddressAllow", "IPAddressDeny", "LimitNOFILE", "LockPersonality",
            "MemoryDenyWriteExecute", "NetworkNamespacePath",
            "NoNewPrivileges", "NotifyAccess",
            "PermissionsStartOnly", "PIDFile", "PrivateDevices", "PrivateTmp", "PrivateUsers", "ProtectClock", "ProtectControlGroups", "ProtectHome", "ProtectHostname", "ProtectKernelLogs",
            "ProtectKernelModules", "ProtectKernelTunables", "ProtectProc", "ProtectSystem", "ReadWritePaths", "RemainAfterExit", "Restart", "RestartPreventExitStatus", "RestartSec",
            "RestrictAddressFamilies", "RestrictNamespaces", "RestrictRealtime", "RestrictSUIDSGID", "RuntimeDirectory", "SendSIGHUP", "SocketBindAllow", "SocketBindDeny",
            "SyslogIdentifier", "SystemCallArchitectures", "SystemCallErrorNumber", "SystemCallFilter", "TemporaryFileSystem", "TimeoutStartSec", "TimeoutStopSec", "Type", "UMask", "WatchdogSec"),
        ["Socket"] = Set(
            "BindIPv6Only", "FlushPending", "FreeBind", "IPAddressAllow", "IPAddressDeny", "ListenStream", "NetworkNamespacePath", "RemoveOnStop", "SocketMode"),
        // systemd passes over sections whose names begin so (systemd.unit(5)).
        [GateWords.Section] = Set(GateWords.Key),
        ["Timer"] = Set(
            "AccuracySec", "OnActiveSec", "OnCalendar", "OnUnitActiveSec", "Unit"),
    }.ToFrozenDictionary(StringComparer.Ordinal);

    private static FrozenSet<string> Set(params string[] keys) => keys.ToFrozenSet(StringComparer.Ordinal);
}
