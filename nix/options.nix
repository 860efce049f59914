# Printed by 'vpn-confinement options --format nix' from the declarations in src/VpnConfinement.Core/Config.
{ lib, ... }:
let
  inherit (lib) mkOption types;
in
{
  options.services.vpnConfinement = {
    enable = mkOption {
      type = types.bool;
      default = false;
      description = "False confines nothing.";
    };
    defaultNamespace = mkOption {
      type = types.nullOr types.str;
      default = null;
      example = "media";
      description = "Namespace of services and sockets that name none.";
    };
    namespaces = mkOption {
      type = types.attrsOf (
        types.submodule (
          { name, config, ... }:
          let
            link = import ./host-link.nix { inherit lib name config; };
          in
          {
            options = {
              enable = mkOption {
                type = types.bool;
                default = false;
                description = "False leaves the namespace out.";
              };
              securityProfile = mkOption {
                type = types.enum [ "balanced" "highAssurance" ];
                default = "balanced";
                description = "highAssurance has stricter defaults and refuses weaker choices.";
              };
              wireguard = {
                interface = mkOption {
                  type = types.str;
                  default = "wg0";
                  example = "wg-media";
                  description = "Key into wireguard.interfaces.";
                };
                configFile = mkOption {
                  type = types.nullOr types.path;
                  default = null;
                  example = "/etc/wireguard/provider.conf";
                  description = "A wg-quick file that defines the interface.";
                };
                implementation = mkOption {
                  type = types.enum [ "auto" "kernel" "userspace" ];
                  default = "auto";
                  description = ''
                    Which WireGuard to use: the kernel's, wireguard-go (userspace), or the kernel's
                    where it has one and else wireguard-go.
                  '';
                };
                socketNamespace = mkOption {
                  type = types.nullOr types.str;
                  default = null;
                  description = "Network namespace in which the tunnel's UDP socket is born; init is the host's.";
                };
                allowHostnameEndpoints = mkOption {
                  type = types.bool;
                  default = false;
                  description = "Endpoints may be hostnames, which are looked up outside the tunnel.";
                };
                endpointPinning = {
                  enable = mkOption {
                    type = types.bool;
                    default = false;
                    description = "Pin the endpoints.";
                  };
                  fwMark = mkOption {
                    type = types.nullOr types.ints.unsigned;
                    default = null;
                    example = 31;
                    description = ''
                      Mark by which the tunnel's own packets are known. Default: derived from the
                      interface's name.
                    '';
                  };
                };
              };
              dns = {
                mode = mkOption {
                  type = types.enum [ "strict" "compat" ];
                  default = "strict";
                  description = "Strict pins the resolver; compat contains no DNS at all.";
                };
                servers = mkOption {
                  type = types.listOf types.str;
                  default = [ ];
                  example = [ "10.64.0.1" ];
                  description = "Resolvers, reached over the tunnel. Default: the wg-quick file's.";
                };
                search = mkOption {
                  type = types.listOf types.str;
                  default = [ ];
                  example = [ "example.com" ];
                  description = "Search domains. Default: the wg-quick file's.";
                };
                allowHostResolverIPC = mkOption {
                  type = types.bool;
                  default = false;
                  description = "Lets services ask nscd and the system bus of the host.";
                };
              };
              ipv6 = {
                mode = mkOption {
                  type = types.enum [ "disable" "tunnel" ];
                  default = "disable";
                  description = "No IPv6, or IPv6 over the tunnel.";
                };
              };
              publishToHost = {
                tcp = mkOption {
                  type = types.listOf types.port;
                  default = [ ];
                  example = [ 9091 ];
                  description = "TCP ports that the host may reach; the link to the host is made for them.";
                };
              };
              ingress = {
                fromHost = {
                  tcp = mkOption {
                    type = types.listOf types.port;
                    default = [ ];
                    example = [ 9091 ];
                    description = "TCP ports that the host may reach over a host link that is there.";
                  };
                };
                fromTunnel = {
                  tcp = mkOption {
                    type = types.listOf types.port;
                    default = [ ];
                    example = [ 51413 ];
                    description = "TCP ports that may be reached through the tunnel.";
                  };
                  udp = mkOption {
                    type = types.listOf types.port;
                    default = [ ];
                    example = [ 51413 ];
                    description = "UDP ports that may be reached through the tunnel.";
                  };
                };
              };
              hostLink = {
                enable = mkOption {
                  type = types.bool;
                  default = false;
                  description = ''
                    Make the link even when nothing is published. Default: true when publishToHost has
                    ports.
                  '';
                };
                hostIf = mkOption {
                  type = types.str;
                  default = link.hostIf;
                  example = "vpn-media";
                  description = "Interface on the host. Default: derived from the namespace's name.";
                };
                nsIf = mkOption {
                  type = types.str;
                  default = link.nsIf;
                  example = "host";
                  description = "Interface in the namespace. Default: derived from the namespace's name.";
                };
                subnetIPv4 = mkOption {
                  type = types.nullOr types.str;
                  default = null;
                  example = "169.254.77.4/30";
                  description = "Subnet of the link. Default: derived from the namespace's name.";
                };
              };
              egress = {
                mode = mkOption {
                  type = types.enum [ "allowAllTunnel" "allowList" ];
                  default = "allowAllTunnel";
                  description = ''
                    Everything through the tunnel, or what is listed. Default: allowAllTunnel;
                    allowList under highAssurance.
                  '';
                };
                allowedTcpPorts = mkOption {
                  type = types.listOf types.port;
                  default = [ ];
                  example = [ 443 ];
                  description = "TCP ports that may be called.";
                };
                allowedUdpPorts = mkOption {
                  type = types.listOf types.port;
                  default = [ ];
                  example = [ 123 ];
                  description = "UDP ports that may be called.";
                };
                allowedCidrs = mkOption {
                  type = types.listOf types.str;
                  default = [ ];
                  example = [ "198.51.100.0/24" ];
                  description = "Where to.";
                };
                allowEssentialIcmp = mkOption {
                  type = types.bool;
                  default = true;
                  description = "ICMP errors to the allowed prefixes.";
                };
              };
              publish = mkOption {
                type = types.listOf (
                  types.submodule {
                    options = {
                      listen = mkOption {
                        type = types.str;
                        example = "127.0.0.1:8080";
                        description = "Where the host listens.";
                      };
                      to = mkOption {
                        type = types.port;
                        example = 80;
                        description = "TCP port in the namespace.";
                      };
                    };
                  }
                );
                default = [ ];
                description = ''
                  Sockets of the host that lead to a port in the namespace, without an IP path between
                  the two.
                '';
              };
              verify = {
                url = mkOption {
                  type = types.nullOr types.str;
                  default = null;
                  example = "https://whoami.example/ip";
                  description = ''
                    A page that says from which address it was asked: 'verify' asks it through the
                    tunnel, with curl, and shows the answer.
                  '';
                };
              };
              derived.hostLink = {
                subnetIPv4 = mkOption {
                  type = types.nullOr types.str;
                  readOnly = true;
                  default = link.derived.subnetIPv4;
                  description = "Subnet of the host link; null where there is none.";
                };
                hostAddressIPv4 = mkOption {
                  type = types.nullOr types.str;
                  readOnly = true;
                  default = link.derived.hostAddressIPv4;
                  description = "Address of the host on it.";
                };
                nsAddressIPv4 = mkOption {
                  type = types.nullOr types.str;
                  readOnly = true;
                  default = link.derived.nsAddressIPv4;
                  description = "Address of the namespace on it.";
                };
              };
            };
          }
        )
      );
      default = { };
      description = "The VPN namespaces, by name.";
    };
  };

  options.systemd.services = mkOption {
    type = types.attrsOf (
      types.submodule {
        options.vpn = {
          enable = mkOption {
            type = types.bool;
            default = false;
            description = "False leaves the service alone.";
          };
          namespace = mkOption {
            type = types.nullOr types.str;
            default = null;
            example = "media";
            description = "The namespace it is confined to. Default: defaultNamespace.";
          };
          hardeningProfile = mkOption {
            type = types.enum [ "baseline" "strict" ];
            default = "baseline";
            description = "How much hardening is added. Default: baseline; strict under highAssurance.";
          };
          extraAddressFamilies = mkOption {
            type = types.listOf types.str;
            default = [ ];
            example = [ "AF_INET6" ];
            description = "Address families beyond those of the profile.";
          };
          runPaths = mkOption {
            type = types.listOf types.str;
            default = [ ];
            example = [ "/run/postgresql" ];
            description = "Paths under /run that the service still needs.";
          };
          writePaths = mkOption {
            type = types.listOf types.str;
            default = [ ];
            example = [ "/srv/media" ];
            description = "Paths that the service may write although its profile makes them read-only.";
          };
          allowJit = mkOption {
            type = types.bool;
            default = false;
            description = "Strict hardening without MemoryDenyWriteExecute.";
          };
          restrictBind = mkOption {
            type = types.bool;
            default = false;
            description = "Listening only on the namespace's ingress ports.";
          };
          allowRootInHighAssurance = mkOption {
            type = types.bool;
            default = false;
            description = "The service may run as root under highAssurance.";
          };
          capabilities = mkOption {
            type = types.listOf types.str;
            default = [ ];
            example = [ "CAP_NET_BIND_SERVICE" ];
            description = "Capabilities that the service needs.";
          };
          allow = mkOption {
            type = types.listOf (types.enum [ "foreignArchitectures" "ioUring" "keyring" "sharedMemory" "engines" ]);
            default = [ ];
            example = [ "ioUring" ];
            description = "What the service gets back of what isolation takes from it; each weakens it.";
          };
          onTunnelLoss = mkOption {
            type = types.enum [ "stop" "blackhole" ];
            default = "stop";
            description = "Whether it is stopped without its tunnel, or runs on cut off.";
          };
        };
      }
    );
  };

  options.systemd.sockets = mkOption {
    type = types.attrsOf (
      types.submodule {
        options.vpn = {
          enable = mkOption {
            type = types.bool;
            default = false;
            description = "False leaves the socket alone.";
          };
          namespace = mkOption {
            type = types.nullOr types.str;
            default = null;
            example = "media";
            description = "The namespace it listens in. Default: defaultNamespace.";
          };
        };
      }
    );
  };
}
