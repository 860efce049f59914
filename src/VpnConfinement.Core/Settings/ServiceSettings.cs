namespace VpnConfinement.Settings;

/// <summary>Settings of [Service] alone (systemd.service(5)), and those that weigh otherwise in [Socket].</summary>
/// <remarks>The form is that of <see cref="SettingTable"/>.</remarks>
internal static class ServiceSettings
{
    internal const string Text = """
        weighed VPC083:
          NetworkNamespacePath
        weighed VPC084:
          DelegateNamespaces@258 PrivateNetwork
        weighed VPC086 VPC113:
          FileDescriptorStoreMax LUOSession@262 OpenFile@253 PermissionsStartOnly
        weighed VPC087:
          PIDFile
        weighed VPC079 VPC106:
          Sockets
        weighed VPC078 VPC086 VPC088 VPC099 VPC100 VPC113:
          ExecCondition ExecReload ExecReloadPost@259 ExecStart ExecStartPost ExecStartPre ExecStop ExecStopPost
        harmless:
          BusName ExitType@250 FailureAction FileDescriptorStorePreserve@254 GuessMainPID NonBlocking NotifyAccess
          OOMPolicy RebootArgument RefreshOnReload@260 ReloadSignal@253 RemainAfterExit Restart RestartForceExitStatus
          RestartMaxDelaySec@254 RestartMode@254 RestartPreventExitStatus RestartRandomizedDelaySec@262 RestartSec
          RestartSteps@254 RootDirectoryStartOnly RuntimeMaxSec RuntimeRandomizedExtraSec@250 StartLimitAction
          StartLimitBurst StartLimitInterval=StartLimitIntervalSec SuccessExitStatus TimeoutAbortSec TimeoutSec
          TimeoutStartFailureMode TimeoutStartSec TimeoutStopFailureMode TimeoutStopSec Type USBFunctionDescriptors
          USBFunctionStrings WatchdogSec
        ignored:
          BusPolicy SysVStartPriority
        """;
}
