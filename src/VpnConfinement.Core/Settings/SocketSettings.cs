namespace VpnConfinement.Settings;

/// <summary>Settings of [Socket] alone (systemd.socket(5)), and those that weigh otherwise in [Service].</summary>
/// <remarks>The form is that of <see cref="SettingTable"/>.</remarks>
internal static class SocketSettings
{
    internal const string Text = """
        weighed VPC097:
          DelegateNamespaces@258 NetworkNamespacePath PrivateNetwork
        weighed VPC086 VPC088 VPC099 VPC113:
          ExecStartPost ExecStartPre ExecStopPost ExecStopPre
        weighed VPC093 VPC094 VPC095:
          Accept Service
        harmless:
          AcceptFileDescriptors@258 Backlog BindIPv6Only BindToDevice Broadcast DeferAcceptSec DeferTrigger@258
          DeferTriggerMaxSec@258 DirectoryMode FileDescriptorName FlushPending FreeBind IPTOS IPTTL KeepAlive
          KeepAliveIntervalSec KeepAliveProbes KeepAliveTimeSec ListenDatagram ListenFIFO ListenMessageQueue
          ListenNetlink ListenSequentialPacket ListenSpecial ListenStream ListenUSBFunction Mark MaxConnections
          MaxConnectionsPerSource MessageQueueMaxMessages MessageQueueMessageSize NoDelay PassCredentials
          PassFileDescriptorsToExec@256 PassPacketInfo PassPIDFD@258 PassSecurity PipeSize PollLimitBurst@255
          PollLimitIntervalSec@255 Priority ReceiveBuffer RemoveOnStop ReusePort SELinuxContextFromNet SendBuffer
          SmackLabel SmackLabelIPIn SmackLabelIPOut SocketGroup SocketMode SocketProtocol SocketUser Symlinks
          TCPCongestion TimeoutSec Timestamping Transparent TriggerLimitBurst TriggerLimitIntervalSec Writable
          XAttrAccept@262 XAttrEntryPoint@262 XAttrListen@262
        """;
}
