namespace VpnConfinement.Settings;

/// <summary>
/// Settings of [Service] and [Socket] alike: systemd.exec(5), systemd.kill(5), systemd.resource-control(5).
/// </summary>
/// <remarks>The form is that of <see cref="SettingTable"/>.</remarks>
internal static class ProcessSettings
{
    internal const string Text = """
        weighed VPC078 VPC100:
          DynamicUser User
        weighed VPC086 VPC113:
          AmbientCapabilities BPFDelegateAttachments@258 BPFDelegateCommands@258 BPFDelegateMaps@258
          BPFDelegatePrograms@258 CapabilityBoundingSet Delegate DeviceAllow FinalKillSignal KillMode NoNewPrivileges
          PAMName PrivateDevices PrivateUsers ProtectControlGroups ProtectKernelTunables ProtectProc
          ReadWriteDirectories=ReadWritePaths ReadWritePaths RestrictAddressFamilies RestrictNamespaces SendSIGKILL
          StandardError StandardInput StandardOutput UserNamespacePath@259
        weighed VPC087:
          BindPaths BindReadOnlyPaths ConfigurationDirectory RootDirectory RootImage RootMStack@260 RuntimeDirectory
          StateDirectory
        weighed VPC127:
          BindNetworkInterface@260 RestrictNetworkInterfaces@250
        hardening:
          AppArmorProfile BPFProgram DevicePolicy ExecPaths InaccessibleDirectories=InaccessiblePaths InaccessiblePaths
          IPAddressAllow IPAddressDeny IPEgressFilterPath IPIngressFilterPath KeyringMode LockPersonality
          MemoryDenyWriteExecute NoExecPaths Personality PrivateBPF@258 PrivateIPC PrivateMounts PrivatePIDs@257
          PrivateTmp ProcSubset ProtectClock ProtectHome ProtectHostname ProtectKernelLogs
          ProtectKernelModules ProtectSystem ReadOnlyDirectories=ReadOnlyPaths ReadOnlyPaths RemoveIPC
          RestrictFileSystems@250 RestrictRealtime RestrictSUIDSGID SecureBits SELinuxContext SmackProcessLabel
          SocketBindAllow SocketBindDeny SystemCallErrorNumber SystemCallFilter SystemCallLog UMask
        overruled:
          SystemCallArchitectures
        harmless:
          AllowedCPUs AllowedMemoryNodes BindLogSockets@257 BlockIOAccounting-258 BlockIODeviceWeight-258
          BlockIOReadBandwidth-258 BlockIOWeight-258 BlockIOWriteBandwidth-258 CacheDirectory
          CacheDirectoryAccounting@258 CacheDirectoryMode CacheDirectoryQuota@258
          ConfigurationDirectoryMode CoredumpFilter CoredumpReceive@255 CPUAccounting-258 CPUAffinity
          CPUPressureThresholdSec@261 CPUPressureWatch@261 CPUQuota CPUQuotaPeriodSec CPUSchedulingPolicy
          CPUSchedulingPriority CPUSchedulingResetOnFork CPUSetPartition@261 CPUShares-258 CPUWeight
          DefaultMemoryLow-258 DefaultMemoryMin-258 DefaultStartupMemoryLow@254-258 DelegateSubgroup@254
          DisableControllers Environment EnvironmentFile ExecSearchPath@250 ExtensionDirectories@251
          ExtensionImagePolicy@254 ExtensionImages Group IgnoreSIGPIPE ImportCredential@254 IOAccounting
          IODeviceLatencyTargetSec IODeviceWeight IOPressureThresholdSec@261 IOPressureWatch@261 IOReadBandwidthMax
          IOReadIOPSMax IOSchedulingClass IOSchedulingPriority IOWeight IOWriteBandwidthMax IOWriteIOPSMax IPAccounting
          IPCNamespacePath KillSignal LimitAS LimitCORE LimitCPU LimitDATA LimitFSIZE LimitLOCKS LimitMEMLOCK
          LimitMSGQUEUE LimitNICE LimitNOFILE LimitNPROC LimitRSS LimitRTPRIO LimitRTTIME LimitSIGPENDING LimitSTACK
          LoadCredential LoadCredentialEncrypted LogExtraFields LogFilterPatterns@253 LogLevelMax LogNamespace
          LogRateLimitBurst LogRateLimitIntervalSec LogsDirectory LogsDirectoryAccounting@258 LogsDirectoryMode
          LogsDirectoryQuota@258 ManagedOOMMemoryPressure ManagedOOMMemoryPressureDurationSec@257
          ManagedOOMMemoryPressureLimit ManagedOOMPreference ManagedOOMSwap MemoryAccounting MemoryHigh MemoryKSM@254
          MemoryLimit-258 MemoryLow MemoryMax MemoryMin MemoryPressureThresholdSec@254 MemoryPressureWatch@254
          MemorySwapMax MemoryTHP@260 MemoryZSwapMax@253 MemoryZSwapWriteback@256 MountAPIVFS MountFlags
          MountImagePolicy@254 MountImages NFTSet@255 Nice NUMAMask NUMAPolicy OOMRules@261 OOMScoreAdjust
          PassEnvironment RestartKillSignal RootEphemeral@254 RootHash RootHashSignature RootImageOptions
          RootImagePolicy@254 RootVerity RuntimeDirectoryMode RuntimeDirectoryPreserve SendSIGHUP SetCredential
          SetCredentialEncrypted SetLoginEnvironment@255 Slice StandardInputData StandardInputText
          StartupAllowedCPUs@250 StartupAllowedMemoryNodes@250 StartupBlockIOWeight-258 StartupCPUShares-258
          StartupCPUWeight StartupIOWeight StartupMemoryHigh@254 StartupMemoryLow@254 StartupMemoryMax@254
          StartupMemorySwapMax@254 StartupMemoryZSwapMax@254 StateDirectoryAccounting@258
          StateDirectoryMode StateDirectoryQuota@258 SupplementaryGroups SyslogFacility SyslogIdentifier SyslogLevel
          SyslogLevelPrefix TasksAccounting TasksMax TemporaryFileSystem TimeoutCleanSec TimerSlackNSec TTYColumns@250
          TTYPath TTYReset TTYRows@250 TTYVHangup TTYVTDisallocate UnsetEnvironment UtmpIdentifier UtmpMode
          WatchdogSignal WorkingDirectory
        ignored:
          Capabilities NetClass
        """;
}
