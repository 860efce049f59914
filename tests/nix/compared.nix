# Configurations as NixOS has them, each with the same one in TOML: the program says the same of both. The name is that
# of the option that the case sets.
{
  base,
  interface,
  key,
  lib,
  namespace,
}:
let
  baseText = ''
    namespaces.media.dns.servers = ["10.64.0.1"]
    services.fetcher.vpn.enable = true
  '';
  interfaceText = ''
    wireguard.interfaces.wg0.ips = ["10.64.0.2/32"]
    wireguard.interfaces.wg0.privateKeyFile = "/run/keys/wg0"
    wireguard.interfaces.wg0.peers = [
      { publicKey = "${key}", endpoint = "198.51.100.7:51820", allowedIPs = ["0.0.0.0/0"] },
    ]
  '';
  attached = ''
    services.fetcher.vpn.namespace = "media"
  '';
  on = module: toml: {
    module.imports = [
      base
      module
    ];
    toml = toml + baseText + attached + interfaceText;
  };
  service = settings: { systemd.services.fetcher.vpn = settings; };
  # Without the lines of the base that the case replaces.
  alone = module: toml: { inherit module toml; };
  line = path: value: "${path} = ${builtins.toJSON value}\n";

  # One option, named as in the module, with a value that is not its default.
  nested = path: value: lib.setAttrByPath (lib.splitString "." path) value;
  ofNamespace = path: value: {
    "services.vpnConfinement.namespaces.<name>.${path}" = on (namespace (nested path value)) (
      line "namespaces.media.${path}" value
    );
  };
  ofService = path: value: {
    "systemd.services.<name>.vpn.${path}" = on (service (nested path value)) (
      line "services.fetcher.vpn.${path}" value
    );
  };
  # The same beside something that makes it count.
  beside = cases: module: toml: lib.mapAttrs (_: case: {
    module.imports = [
      case.module
      module
    ];
    toml = toml + case.toml;
  }) cases;
  named = suffix: lib.mapAttrs' (name: lib.nameValuePair "${name}: ${suffix}");
  hostnamed = interface {
    peers = lib.mkForce [
      {
        publicKey = key;
        endpoint = "vpn.example:51820";
        allowedIPs = [ "0.0.0.0/0" ];
        dynamicEndpointRefreshSeconds = 30;
      }
    ];
  };
  strong = namespace {
    securityProfile = "highAssurance";
    egress.allowedCidrs = [ "198.51.100.0/24" ];
  };
  strongText = ''
    namespaces.media.securityProfile = "highAssurance"
    namespaces.media.egress.allowedCidrs = ["198.51.100.0/24"]
  '';
  socket = {
    systemd.services.fetcher.unitConfig.Description = "Fetcher";
    systemd.sockets.fetcher = {
      socketConfig.ListenStream = "9000";
      vpn.enable = true;
    };
  };
in
{
  "services.vpnConfinement.enable" = on { } "";
  "services.vpnConfinement.enable: the example" = alone ../../nix/example.nix (
    line "namespaces.media.publishToHost.tcp" [ 9091 ]
    + baseText
    + attached
    + ''
      wireguard.interfaces.wg0.ips = ["10.64.0.2/32"]
      wireguard.interfaces.wg0.privateKeyFile = "/run/keys/wg0"
      wireguard.interfaces.wg0.peers = [
        { publicKey = "PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0=", endpoint = "198.51.100.7:51820",
          allowedIPs = ["0.0.0.0/0"] },
      ]
    ''
  );
  "services.vpnConfinement.defaultNamespace" = alone {
    imports = [ base ];
    services.vpnConfinement.defaultNamespace = "media";
    systemd.services.fetcher.vpn.namespace = lib.mkForce null;
  } ("defaultNamespace = \"media\"\n" + baseText + interfaceText);
  "services.vpnConfinement.namespaces.<name>.enable: false, and a service names it" = on (namespace {
    enable = lib.mkForce false;
  }) "namespaces.media.enable = false\n";
}
// ofNamespace "dns.allowHostResolverIPC" true
// ofNamespace "dns.mode" "compat"
// ofNamespace "dns.search" [ "example.com" ]
// named "no address" (ofNamespace "dns.search" [ "-" ])
// {
  "services.vpnConfinement.namespaces.<name>.dns.servers" = alone {
    imports = [ base ];
    services.vpnConfinement.namespaces.media.dns.servers = lib.mkForce [ "010.0.0.1" ];
  } (
    ''
      namespaces.media.dns.servers = ["010.0.0.1"]
      services.fetcher.vpn.enable = true
    ''
    + attached
    + interfaceText
  );
}
// ofNamespace "egress.mode" "allowList"
// named "none" (ofNamespace "egress.allowedTcpPorts" [ 443 ])
// beside (
  ofNamespace "egress.allowEssentialIcmp" false
  // ofNamespace "egress.allowedCidrs" [ "198.51.100.0/24" ]
  // ofNamespace "egress.allowedTcpPorts" [ 443 ]
  // ofNamespace "egress.allowedUdpPorts" [ 123 ]
) (namespace { egress.mode = "allowList"; }) "namespaces.media.egress.mode = \"allowList\"\n"
// ofNamespace "hostLink.enable" true
// named "against a published port" (
  beside (ofNamespace "hostLink.enable" false) (namespace { publishToHost.tcp = [ 9091 ]; }) ''
    namespaces.media.publishToHost.tcp = [9091]
  ''
)
// beside (
  ofNamespace "hostLink.hostIf" "vpn-media"
  // ofNamespace "hostLink.nsIf" "host"
  // ofNamespace "hostLink.subnetIPv4" "169.254.77.4/30"
  // ofNamespace "ingress.fromHost.tcp" [ 9091 ]
) (namespace { hostLink.enable = true; }) "namespaces.media.hostLink.enable = true\n"
// named "no base" (
  beside (ofNamespace "hostLink.subnetIPv4" "169.254.77.5/30") (namespace { hostLink.enable = true; }) ''
    namespaces.media.hostLink.enable = true
  ''
)
// named "without a link" (ofNamespace "ingress.fromHost.tcp" [ 9091 ])
// ofNamespace "ingress.fromTunnel.tcp" [ 51413 ]
// ofNamespace "ingress.fromTunnel.udp" [ 51413 ]
// ofNamespace "ipv6.mode" "tunnel"
// ofNamespace "publishToHost.tcp" [ 9091 ]
// named "port 0" (ofNamespace "publishToHost.tcp" [ 0 ])
// ofNamespace "securityProfile" "highAssurance"
// ofNamespace "verify.url" "https://whoami.example/ip"
// {
  "services.vpnConfinement.namespaces.<name>.publish" = on (namespace {
    publish = [
      {
        listen = "127.0.0.1:8080";
        to = 80;
      }
    ];
  }) "namespaces.media.publish = [{ listen = \"127.0.0.1:8080\", to = 80 }]\n";
  "services.vpnConfinement.namespaces.<name>.securityProfile: as it is meant" = on strong strongText;
  "services.vpnConfinement.namespaces.<name>.egress.mode: weaker than its profile" = on {
    imports = [
      strong
      (namespace { egress.mode = "allowAllTunnel"; })
    ];
  } (strongText + "namespaces.media.egress.mode = \"allowAllTunnel\"\n");
  "services.vpnConfinement.namespaces.<name>.wireguard.interface" = alone {
    imports = [ base ];
    services.vpnConfinement.namespaces.media.wireguard.interface = "wg1";
  } ("namespaces.media.wireguard.interface = \"wg1\"\n" + baseText + attached);
  "services.vpnConfinement.namespaces.<name>.wireguard.allowHostnameEndpoints" = alone {
    imports = [
      base
      hostnamed
    ];
    services.vpnConfinement.namespaces.media.wireguard.allowHostnameEndpoints = true;
  } (
    "namespaces.media.wireguard.allowHostnameEndpoints = true\n"
    + baseText
    + attached
    + ''
      wireguard.interfaces.wg0.ips = ["10.64.0.2/32"]
      wireguard.interfaces.wg0.privateKeyFile = "/run/keys/wg0"
      wireguard.interfaces.wg0.peers = [
        { publicKey = "${key}", endpoint = "vpn.example:51820",
          allowedIPs = ["0.0.0.0/0"], dynamicEndpointRefreshSeconds = 30 },
      ]
    ''
  );
}
// ofNamespace "wireguard.endpointPinning.enable" true
// beside (ofNamespace "wireguard.endpointPinning.fwMark" 31) (namespace {
  wireguard.endpointPinning.enable = true;
}) "namespaces.media.wireguard.endpointPinning.enable = true\n"
// named "0" (
  beside (ofNamespace "wireguard.endpointPinning.fwMark" 0) (namespace {
    wireguard.endpointPinning.enable = true;
  }) "namespaces.media.wireguard.endpointPinning.enable = true\n"
)
// ofNamespace "wireguard.implementation" "userspace"
// ofNamespace "wireguard.socketNamespace" "init"
// named "its own" (ofNamespace "wireguard.socketNamespace" "media")
// ofService "allowJit" true
// ofService "allowRootInHighAssurance" true
// ofService "allow" [ "ioUring" ]
// ofService "capabilities" [ "CAP_NET_BIND_SERVICE" ]
// ofService "extraAddressFamilies" [ "AF_INET6" ]
// ofService "hardeningProfile" "strict"
// ofService "onTunnelLoss" "blackhole"
// ofService "restrictBind" true
// ofService "runPaths" [ "/run/postgresql" ]
// ofService "writePaths" [ "/srv/media" ]
// {
  "systemd.services.<name>.vpn.enable" = alone {
    imports = [ base ];
    systemd.services.fetcher.vpn.enable = lib.mkForce false;
  } ("namespaces.media.dns.servers = [\"10.64.0.1\"]\n" + interfaceText);
  "systemd.services.<name>.vpn.namespace" = alone {
    imports = [ base ];
    systemd.services.fetcher.vpn.namespace = "other";
  } (baseText + "services.fetcher.vpn.namespace = \"other\"\n" + interfaceText);
  "systemd.services.<name>.vpn.namespace: none" = alone {
    imports = [ base ];
    systemd.services.fetcher.vpn.namespace = lib.mkForce null;
  } (baseText + interfaceText);
  "systemd.services.<name>.vpn.hardeningProfile: weaker than its namespace" = on {
    imports = [
      strong
      (service { hardeningProfile = "baseline"; })
    ];
  } (strongText + "services.fetcher.vpn.hardeningProfile = \"baseline\"\n");
  "systemd.services.<name>.vpn: no name of a unit" = on {
    systemd.services."a b" = {
      serviceConfig.ExecStart = "/usr/bin/fetcher";
      vpn.enable = true;
      vpn.namespace = "media";
    };
  } "services.\"a b\".vpn.namespace = \"media\"\n";
  "systemd.services.<name>.vpn: of a unit that Nix does not declare" = on {
    systemd.services.elsewhere.vpn = {
      enable = true;
      namespace = "media";
    };
  } "services.elsewhere.vpn.namespace = \"media\"\n";
  "systemd.services.<name>.serviceConfig: a network namespace of its own" = on {
    systemd.services.fetcher.serviceConfig.NetworkNamespacePath = lib.mkForce "/run/netns/other";
  } "";
  "systemd.sockets.<name>.vpn.enable" = on {
    imports = [ socket ];
    systemd.sockets.fetcher.vpn.namespace = "media";
  } "sockets.fetcher.vpn.namespace = \"media\"\n";
  "systemd.sockets.<name>.vpn.namespace" = on {
    imports = [ socket ];
    systemd.sockets.fetcher.vpn.namespace = "other";
  } "sockets.fetcher.vpn.namespace = \"other\"\n";
  "networking.wireguard.interfaces.<if>: every setting" = alone {
    imports = [ base ];
    networking.wireguard.interfaces.wg0 = {
      generatePrivateKeyFile = true;
      listenPort = 51821;
      mtu = 1380;
      fwMark = "0x1f";
      allowedIPsAsRoutes = false;
      interfaceNamespace = "media";
      socketNamespace = "init";
      dynamicEndpointRefreshSeconds = 60;
      type = "wireguard";
      table = "main";
      peers = lib.mkForce [
        {
          name = "a label";
          publicKey = key;
          presharedKeyFile = "/run/keys/psk";
          endpoint = "198.51.100.7:51820";
          allowedIPs = [ "0.0.0.0/0" ];
          persistentKeepalive = 25;
          dynamicEndpointRefreshSeconds = 30;
        }
      ];
    };
  } (
    baseText
    + attached
    + ''
      [wireguard.interfaces.wg0]
      ips = ["10.64.0.2/32"]
      privateKeyFile = "/run/keys/wg0"
      generatePrivateKeyFile = true
      listenPort = 51821
      mtu = 1380
      fwMark = "0x1f"
      allowedIPsAsRoutes = false
      interfaceNamespace = "media"
      socketNamespace = "init"
      dynamicEndpointRefreshSeconds = 60
      [[wireguard.interfaces.wg0.peers]]
      publicKey = "${key}"
      presharedKeyFile = "/run/keys/psk"
      endpoint = "198.51.100.7:51820"
      allowedIPs = ["0.0.0.0/0"]
      persistentKeepalive = 25
      dynamicEndpointRefreshSeconds = 30
    ''
  );
}
