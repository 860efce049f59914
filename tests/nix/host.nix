# What nix/module.nix uses of NixOS: its options, and texts of units and derivations that are made without nixpkgs.
{
  config,
  lib,
  pkgs,
  ...
}:
let
  inherit (lib) mkOption types;
  text = type: default: mkOption { inherit type default; };
  some = text (types.nullOr types.str) null;
  number = text (types.nullOr types.int) null;
  texts = text (types.listOf types.str) [ ];
  flag = text types.bool;

  peer.options = {
    name = text types.str "a peer";
    publicKey = some;
    presharedKey = some;
    presharedKeyFile = some;
    allowedIPs = mkOption { type = types.listOf types.str; };
    endpoint = some;
    dynamicEndpointRefreshSeconds = number;
    dynamicEndpointRefreshRestartSeconds = number;
    persistentKeepalive = number;
  };
  interface.options = {
    ips = texts;
    type = text types.str "wireguard";
    privateKey = some;
    generatePrivateKeyFile = flag false;
    privateKeyFile = text (types.nullOr types.path) null;
    listenPort = number;
    preSetup = text types.lines "";
    postSetup = text types.lines "";
    table = text types.str "main";
    metric = number;
    peers = text (types.listOf (types.submodule peer)) [ ];
    allowedIPsAsRoutes = flag true;
    socketNamespace = some;
    interfaceNamespace = some;
    fwMark = some;
    mtu = number;
    extraOptions = text (types.attrsOf types.str) { };
    dynamicEndpointRefreshSeconds = text types.int 0;
  };

  section = name: settings: "[${name}]\n" + lib.concatStringsSep "" (lib.mapAttrsToList line settings);
  line = name: value: "${name}=${if lib.isString value then value else builtins.toJSON value}\n";
  unit.options = {
    enable = flag true;
    wantedBy = texts;
    unitConfig = text (types.attrsOf types.raw) { };
    serviceConfig = text (types.attrsOf types.raw) { };
    socketConfig = text (types.attrsOf types.raw) { };
  };
  unitText =
    kind: unit:
    section "Unit" unit.unitConfig
    + (if kind == "service" then section "Service" unit.serviceConfig else section "Socket" unit.socketConfig);
  unitsOf =
    kind:
    lib.mapAttrs' (
      name: value: lib.nameValuePair "${name}.${kind}" (unitNamed "${name}.${kind}" (unitText kind value))
    );
  unitNamed = name: text: {
    inherit text;
    unit = pkgs.runCommand "unit" {
      inherit text;
      unitName = name;
      passAsFile = [ "text" ];
    } "mkdir $out; cp \"$textPath\" \"$out/$unitName\"";
  };
in
{
  options = {
    assertions = text (types.listOf types.raw) [ ];
    warnings = texts;
    boot.kernelModules = texts;
    networking.wireguard = {
      interfaces = text (types.attrsOf (types.submodule interface)) { };
      useNetworkd = flag false;
    };
    systemd = {
      services = text (types.attrsOf (types.submodule unit)) { };
      sockets = text (types.attrsOf (types.submodule unit)) { };
      units = text (types.attrsOf types.raw) { };
      packages = text (types.listOf types.package) [ ];
      generators = text (types.attrsOf types.path) { };
      package = text types.raw "/usr";
    };
  };

  config.systemd.units = lib.mkMerge [
    (unitsOf "service" config.systemd.services)
    (unitsOf "socket" config.systemd.sockets)
    # As the module of NixOS does for each interface.
    (lib.mapAttrs' (
      name: _: lib.nameValuePair "wireguard-${name}.service" (
        unitNamed "wireguard-${name}.service" "[Service]\nExecStart=/bin/false\n"
      )
    ) config.networking.wireguard.interfaces)
  ];
}
