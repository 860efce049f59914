# Configurations as NixOS has them: those that the program is asked about, and those that Nix itself refuses.
{ lib }:
let
  key = "ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8=";
  base = {
    networking.wireguard.interfaces.wg0 = {
      ips = [ "10.64.0.2/32" ];
      privateKeyFile = "/run/keys/wg0";
      peers = [
        {
          publicKey = key;
          endpoint = "198.51.100.7:51820";
          allowedIPs = [ "0.0.0.0/0" ];
        }
      ];
    };
    services.vpnConfinement = {
      enable = true;
      namespaces.media = {
        enable = true;
        dns.servers = [ "10.64.0.1" ];
      };
    };
    systemd.services.fetcher = {
      serviceConfig = {
        DynamicUser = "yes";
        ExecStart = "/usr/bin/fetcher";
      };
      vpn.enable = true;
      vpn.namespace = lib.mkDefault "media";
    };
  };
  namespace = settings: { services.vpnConfinement.namespaces.media = settings; };
  interface = settings: { networking.wireguard.interfaces.wg0 = settings; };
  compared = import ./compared.nix {
    inherit
      base
      interface
      key
      lib
      namespace
      ;
  };
  refused = option: module: {
    inherit option;
    module.imports = [
      base
      module
    ];
  };
  wg0 = "networking.wireguard.interfaces.wg0";
in
{
  inherit compared;

  # Nothing is built, and the names of these options are told.
  refused = {
    "preSetup" = refused "${wg0}.preSetup" (interface {
      preSetup = "ip rule add table 7";
    });
    "postSetup" = refused "${wg0}.postSetup" (interface {
      postSetup = "ip rule add table 7";
    });
    "table" = refused "${wg0}.table" (interface {
      table = "7";
    });
    "metric" = refused "${wg0}.metric" (interface {
      metric = 700;
    });
    "type" = refused "${wg0}.type" (interface {
      type = "amneziawg";
    });
    "extraOptions" = refused "${wg0}.extraOptions" (interface {
      extraOptions.Jc = "5";
    });
    "of a peer" = refused "${wg0}.peers.*.dynamicEndpointRefreshRestartSeconds" (interface {
      peers = lib.mkForce [
        {
          publicKey = key;
          allowedIPs = [ ];
          dynamicEndpointRefreshRestartSeconds = 5;
        }
      ];
    });
    "useNetworkd" = refused "networking.wireguard.useNetworkd" {
      networking.wireguard.useNetworkd = true;
    };
    "a key in the store" = refused "${wg0}.privateKeyFile" (interface {
      privateKeyFile = lib.mkForce ./cases.nix;
    });
    "a preshared key in the store" = refused "${wg0}.peers.*.presharedKeyFile" (interface {
      peers = lib.mkForce [
        {
          publicKey = key;
          allowedIPs = [ ];
          presharedKeyFile = "${builtins.storeDir}/psk";
        }
      ];
    });
    "a file outside the store" =
      refused "services.vpnConfinement.namespaces.media.wireguard.configFile"
        (namespace {
          wireguard.configFile = "/etc/wireguard/provider.conf";
        });
  };

  # Nix itself refuses these: of two definitions, of a type, of a name.
  thrown = {
    "two values" = {
      imports = [
        base
        (namespace { securityProfile = "highAssurance"; })
        (namespace { securityProfile = "balanced"; })
      ];
    };
    "a port beyond range" = {
      imports = [
        base
        (namespace { publishToHost.tcp = [ 65536 ]; })
      ];
    };
    "a negative mark" = {
      imports = [
        base
        (namespace { wireguard.endpointPinning.fwMark = -1; })
      ];
    };
    "no such option" = {
      imports = [
        base
        (namespace { dns.server = [ "10.64.0.1" ]; })
      ];
    };
    "no such word" = {
      imports = [
        base
        (namespace { dns.mode = "loose"; })
      ];
    };
    "what is only read" = {
      imports = [
        base
        (namespace { derived.hostLink.subnetIPv4 = "169.254.77.4/30"; })
      ];
    };
  };

  # Not enabled: NixOS makes the interface, and nothing is confined.
  disabled = {
    imports = [ base ];
    services.vpnConfinement.enable = lib.mkForce false;
  };

  # Beside the confined interface another one, which stays with NixOS.
  mixed = {
    imports = [ base ];
    networking.wireguard.interfaces.wg9.ips = [ "10.99.0.2/32" ];
  };

  # Namespaces with names of every length, and two whose subnet would be a reserved one.
  named =
    let
      letters = "Abcdefghij0123456789klmnopqrst.uvwxyz-ABCDEFGHIJ_KLMNOPQRSTUVWXYz9";
      nameOf =
        length:
        let
          name = builtins.substring 0 length letters;
        in
        if builtins.match ".*[a-zA-Z0-9]" name != null then name else builtins.substring 0 (length - 1) letters + "q";
      names = builtins.genList (index: nameOf (index + 1)) 64 ++ [
        "n227"
        "n26223"
      ];
      numbered = builtins.genList (index: {
        name = builtins.elemAt names index;
        interface = "wg-${toString index}";
      }) (builtins.length names);
    in
    {
      services.vpnConfinement = {
        enable = true;
        namespaces = lib.listToAttrs (
          map (one: {
            inherit (one) name;
            value = {
              enable = true;
              hostLink.enable = true;
              dns.servers = [ "10.64.0.1" ];
              wireguard.interface = one.interface;
            };
          }) numbered
        );
      };
      networking.wireguard.interfaces = lib.listToAttrs (
        map (one: {
          name = one.interface;
          value = base.networking.wireguard.interfaces.wg0;
        }) numbered
      );
    };

  # What a derivation builds: a unit of a package, extended in Nix, and a configuration that is refused.
  built = {
    good =
      { pkgs, ... }:
      {
        imports = [ base ];
        services.vpnConfinement.namespaces.media.publish = [
          {
            listen = "127.0.0.1:8080";
            to = 80;
          }
        ];
        systemd.packages = [
          (pkgs.runCommand "vendor" { } ''
            mkdir -p "$out/lib/systemd/system"
            printf '[Service]\nUser=vendor\nExecStart=/usr/bin/vendor\n' >"$out/lib/systemd/system/vendor.service"
          '')
        ];
        systemd.services.vendor.vpn = {
          enable = true;
          namespace = "media";
        };
      };
    configFile = {
      imports = [ base ];
      networking.wireguard.interfaces.wg0 = lib.mkForce { privateKeyFile = "/run/keys/wg0"; };
      services.vpnConfinement.namespaces.media.wireguard.configFile = builtins.toFile "provider.conf" ''
        [Interface]
        Address = 10.64.0.2/32

        [Peer]
        PublicKey = ${key}
        AllowedIPs = 0.0.0.0/0
        Endpoint = 198.51.100.7:51820
      '';
    };
    bad = {
      imports = [ base ];
      services.vpnConfinement.namespaces.media.dns.servers = lib.mkForce [ "resolver.example" ];
    };
  };
}
