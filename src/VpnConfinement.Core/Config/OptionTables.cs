using VpnConfinement.Model;

namespace VpnConfinement.Config;

/// <summary>Every option, as one tree from <see cref="Top"/>, and the tables of services and sockets.</summary>
public static class OptionTables
{
    // Before the tables: static properties are set in the order in which they are written.
    private static OptionType.Choice<IsolationOptOut> OptOuts { get; } = new(
        ("foreignArchitectures", IsolationOptOut.ForeignArchitectures),
        ("ioUring", IsolationOptOut.IoUring),
        ("keyring", IsolationOptOut.Keyring),
        ("sharedMemory", IsolationOptOut.SharedMemory),
        ("engines", IsolationOptOut.Engines));

    private static OptionTable ServiceVpn { get; } = new(
        """
        [services.transmission-daemon.vpn]
        namespace = "media"
        hardeningProfile = "strict"
        runPaths = ["/run/postgresql"]
        """,
        new("enable", OptionType.Flag, "false leaves the service alone") { Default = "true" },
        new("namespace", new OptionType.Text(TextForm.Namespace), "the namespace it is confined to") { DefaultNote = "defaultNamespace", Example = "\"media\"" },
        new("hardeningProfile", new OptionType.Choice<HardeningProfile>(("baseline", HardeningProfile.Baseline), ("strict", HardeningProfile.Strict)), "how much hardening is added")
        {
            DefaultNote = "baseline; strict under highAssurance",
        },
        new("extraAddressFamilies", OptionType.ListOf(TextForm.AddressFamily), "address families beyond those of the profile") { Default = "[]", Example = "[\"AF_INET6\"]" },
        new("runPaths", OptionType.ListOf(TextForm.RunPath), "paths under /run that the service still needs") { Default = "[]", Example = "[\"/run/postgresql\"]" },
        new("writePaths", OptionType.ListOf(TextForm.Path), "paths that the service may write although its profile makes them read-only")
        {
            Default = "[]",
            Example = "[\"/srv/media\"]",
        },
        new("allowJit", OptionType.Flag, "strict hardening without MemoryDenyWriteExecute") { Default = "false" },
        new("restrictBind", OptionType.Flag, "listening only on the namespace's ingress ports") { Default = "false" },
        new("allowRootInHighAssurance", OptionType.Flag, "the service may run as root under highAssurance") { Default = "false" },
        new("capabilities", OptionType.ListOf(TextForm.Capability), "capabilities that the service needs") { Default = "[]", Example = "[\"CAP_NET_BIND_SERVICE\"]" },
        new("allow", new OptionType.List(OptOuts), "what the service gets back of what isolation takes from it; each weakens it")
        {
            Default = "[]",
            Example = "[\"ioUring\"]",
        },
        new("onTunnelLoss", new OptionType.Choice<OnTunnelLoss>(("stop", OnTunnelLoss.Stop), ("blackhole", OnTunnelLoss.Blackhole)), "whether it is stopped without its tunnel, or runs on cut off") { Default = "\"stop\"" });

    private static OptionTable SocketVpn { get; } = new(
        """
        [sockets.app.vpn]
        namespace = "media"
        """,
        new("enable", OptionType.Flag, "false leaves the socket alone") { Default = "true" },
        new("namespace", new OptionType.Text(TextForm.Namespace), "the namespace it listens in") { DefaultNote = "defaultNamespace", Example = "\"media\"" });

    /// <summary>The top of the file.</summary>
    public static OptionTable Top { get; } = new(
        """
        defaultNamespace = "media"

        [namespaces.media]
        wireguard.configFile = "/etc/wireguard/provider.conf"

        [services.transmission-daemon.vpn]
        """,
        new("enable", OptionType.Flag, "false confines nothing") { Default = "true" },
        new("defaultNamespace", new OptionType.Text(TextForm.Namespace), "namespace of services and sockets that name none") { Example = "\"media\"" },
        new("namespaces", new OptionType.NamedTables(TextForm.Namespace, "NAME", NamespaceOptions.Namespace), "the VPN namespaces, by name"),
        new("wireguard", new OptionType.Table(WireGuardOptions.WireGuard), "WireGuard interfaces"),
        new("services", new OptionType.NamedTables(TextForm.Service, "NAME", OnlyVpn(ServiceVpn, "confinement of the service")), "systemd services, by name with or without .service"),
        new("sockets", new OptionType.NamedTables(TextForm.Socket, "NAME", OnlyVpn(SocketVpn, "confinement of the socket")), "systemd sockets, by name with or without .socket"));

    /// <summary>An entry of <c>allow</c> as it is written.</summary>
    public static string NameOf(IsolationOptOut optOut) => OptOuts.Values.Single(v => v.Value == optOut).Name;

    private static OptionTable OnlyVpn(OptionTable vpn, string doc) => new(vpn.Example, new OptionDeclaration("vpn", new OptionType.Table(vpn), doc));
}
