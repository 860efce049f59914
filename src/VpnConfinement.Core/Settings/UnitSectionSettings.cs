namespace VpnConfinement.Settings;

/// <summary>Settings of [Unit] (systemd.unit(5)).</summary>
/// <remarks>The form is that of <see cref="SettingTable"/>.</remarks>
internal static class UnitSectionSettings
{
    internal const string Text = """
        weighed VPC085 VPC097:
          JoinsNamespaceOf
        weighed VPC086 VPC113:
          SurviveFinalKillSignal@255
        harmless:
          After AllowIsolate AssertACPower AssertArchitecture AssertCapability AssertControlGroupController
          AssertCPUFeature AssertCPUPressure@250 AssertCPUs AssertCredential@252 AssertDirectoryNotEmpty
          AssertEnvironment AssertFileIsExecutable AssertFileNotEmpty AssertFirstBoot AssertFraction@261 AssertGroup
          AssertHost AssertIOPressure@250 AssertKernelCommandLine AssertKernelModuleLoaded@258 AssertKernelVersion
          AssertMachineTag@261 AssertMemory AssertMemoryPressure@250 AssertNeedsUpdate AssertOSRelease AssertPathExists
          AssertPathExistsGlob AssertPathIsDirectory AssertPathIsEncrypted AssertPathIsMountPoint AssertPathIsReadWrite
          AssertPathIsSocket@260 AssertPathIsSymbolicLink AssertSecurity AssertUser AssertVersion@258
          AssertVirtualization Before BindsTo BindTo=BindsTo CollectMode ConditionACPower ConditionArchitecture
          ConditionCapability ConditionControlGroupController ConditionCPUFeature ConditionCPUPressure@250
          ConditionCPUs ConditionCredential@252 ConditionDirectoryNotEmpty ConditionEnvironment
          ConditionFileIsExecutable ConditionFileNotEmpty ConditionFirmware ConditionFirstBoot ConditionFraction@261
          ConditionGroup ConditionHost ConditionIOPressure@250 ConditionKernelCommandLine
          ConditionKernelModuleLoaded@258 ConditionKernelVersion ConditionMachineTag@261 ConditionMemory
          ConditionMemoryPressure@250 ConditionNeedsUpdate ConditionOSRelease ConditionPathExists
          ConditionPathExistsGlob ConditionPathIsDirectory ConditionPathIsEncrypted ConditionPathIsMountPoint
          ConditionPathIsReadWrite ConditionPathIsSocket@260 ConditionPathIsSymbolicLink ConditionSecurity
          ConditionUser ConditionVersion@258 ConditionVirtualization Conflicts DefaultDependencies Description
          Documentation FailureAction FailureActionExitStatus IgnoreOnIsolate JobRunningTimeoutSec JobTimeoutAction
          JobTimeoutRebootArgument JobTimeoutSec OnFailure OnFailureIsolate=OnFailureJobMode OnFailureJobMode OnSuccess
          OnSuccessJobMode PartOf PropagateReloadFrom=ReloadPropagatedFrom PropagateReloadTo=PropagatesReloadTo
          PropagatesReloadTo PropagatesStopTo RebootArgument RefuseManualStart RefuseManualStop ReloadPropagatedFrom
          Requires RequiresMountsFor RequiresOverridable=Requires Requisite RequisiteOverridable=Requisite SourcePath
          StartLimitAction StartLimitBurst StartLimitInterval=StartLimitIntervalSec StartLimitIntervalSec
          StopPropagatedFrom StopWhenUnneeded SuccessAction SuccessActionExitStatus Upholds Wants WantsMountsFor@256
        ignored:
          IgnoreOnSnapshot
        """;
}
