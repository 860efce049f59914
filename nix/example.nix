# The shortest working configuration (README.md).
{
  services.vpnConfinement = {
    enable = true;
    namespaces.media = {
      enable = true;
      dns.servers = [ "10.64.0.1" ];
      publishToHost.tcp = [ 9091 ];
    };
  };

  networking.wireguard.interfaces.wg0 = {
    ips = [ "10.64.0.2/32" ];
    privateKeyFile = "/run/keys/wg0";
    peers = [
      {
        publicKey = "PiPoFgA5WUoziU9lZOGxNIu9egCI1CxKy3PurtWcAJ0=";
        endpoint = "198.51.100.7:51820";
        allowedIPs = [ "0.0.0.0/0" ];
      }
    ];
  };

  systemd.services.fetcher = {
    wantedBy = [ "multi-user.target" ];
    serviceConfig = {
      DynamicUser = true;
      ExecStart = "/run/current-system/sw/bin/fetcher";
    };
    vpn.enable = true;
    vpn.namespace = "media";
  };
}
