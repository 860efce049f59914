# VPN confinement of systemd services on NixOS. The options are declared in options.nix; what they mean, and every
# refusal, is the program's own: a derivation runs 'vpn-confinement build' on what is written here (README.md).
{
  config,
  lib,
  options,
  pkgs,
  ...
}:
let
  cfg = config.services.vpnConfinement;
  confinedUnits = lib.filterAttrs (_: unit: cfg.enable && unit.vpn.enable);
  enabledNamespaces = lib.filterAttrs (_: namespace: cfg.enable && namespace.enable) cfg.namespaces;

  # The namespace that an interface belongs to, or null.
  ownerOf =
    interface:
    let
      owners = lib.filterAttrs (_: namespace: namespace.wireguard.interface == interface) enabledNamespaces;
    in
    if owners == { } then null else lib.head (lib.attrNames owners);

  # A default that a profile changes: stronger than that of the declaration (1500), weaker than any that a user sets.
  profilePriority = 1400;
  profileDefault = lib.mkOverride profilePriority;

  # An option of a submodule that holds what was written of the others, as the configuration file says it. What is left
  # out there has the program's own default, which follows the profile too.
  writtenOption =
    tree: values:
    lib.mkOption {
      type = lib.types.raw;
      internal = true;
      visible = false;
      readOnly = true;
      default = written (removeAttrs tree [ "_module" ]) values;
      description = "What was written of these options.";
    };
  written =
    tree: values:
    lib.filterAttrs (_: value: value != null && value != { }) (
      lib.mapAttrs (
        name: option:
        if !lib.isOption option then
          written option values.${name}
        else if option.highestPrio >= profilePriority || option.internal or false || option.readOnly or false then
          null
        else
          values.${name}
      ) tree
    );
  # Stands in a submodule's options beside those that it is about.
  withWritten = { config, options, ... }: { options.written = writtenOption options config; };

  namespaceOf = lib.types.submodule {
    imports = [
      withWritten
      (
        { config, ... }:
        {
          egress.mode = lib.mkIf (config.securityProfile == "highAssurance") (profileDefault "allowList");
        }
      )
    ];
  };
  unitOf = lib.types.submodule vpnWritten;
  vpnWritten = { config, options, ... }: { options.vpn.written = writtenOption options.vpn config.vpn; };
  serviceOf = lib.types.submodule {
    imports = [
      vpnWritten
      (
        { config, ... }:
        {
          vpn.hardeningProfile = lib.mkIf (isStrict config.vpn) (profileDefault "strict");
        }
      )
    ];
  };
  isStrict =
    vpn:
    let
      name = if vpn.namespace != null then vpn.namespace else cfg.defaultNamespace;
    in
    cfg.enable && vpn.enable && name != null && (cfg.namespaces.${name}.securityProfile or "") == "highAssurance";
  interfaceOf = lib.types.submodule {
    imports = [ withWritten ];
    options.peers = lib.mkOption { type = lib.types.listOf (lib.types.submodule withWritten); };
  };

  # Every interface, those included that are kept from the module of NixOS (see 'apply' below).
  declared = options.networking.wireguard.interfaces;
  interfaces = lib.filterAttrs (name: _: ownerOf name != null) (
    declared.type.merge declared.loc declared.definitionsWithLocations
  );

  # What the program knows of the options of NixOS' own interfaces and peers. A name of a peer is a label.
  interfaceOptions = [
    "allowedIPsAsRoutes"
    "dynamicEndpointRefreshSeconds"
    "fwMark"
    "generatePrivateKeyFile"
    "interfaceNamespace"
    "ips"
    "listenPort"
    "mtu"
    "peers"
    "privateKey"
    "privateKeyFile"
    "socketNamespace"
  ];
  peerOptions = [
    "allowedIPs"
    "dynamicEndpointRefreshSeconds"
    "endpoint"
    "persistentKeepalive"
    "presharedKey"
    "presharedKeyFile"
    "publicKey"
  ];
  known = names: lib.filterAttrs (name: _: lib.elem name names);
  foreign = names: lib.filterAttrs (name: value: !lib.elem name names && !isNeutral name value);
  isNeutral =
    name: value:
    value == ""
    || value == [ ]
    || name == "name"
    || (name == "table" && value == "main")
    || (name == "type" && value == "wireguard");

  # A path would be copied to the store, a key with it.
  keyFile =
    name: value: if name == "privateKeyFile" || name == "presharedKeyFile" then toString value else value;
  peerText = peer: lib.mapAttrs keyFile (known peerOptions peer.written);
  interfaceText =
    interface:
    lib.mapAttrs (name: value: if name == "peers" then map peerText value else keyFile name value) (
      known interfaceOptions interface.written
    );

  document = {
    namespaces = lib.mapAttrs (_: namespace: namespace.written // { inherit (namespace) enable; }) cfg.namespaces;
    services = lib.mapAttrs (_: unit: { vpn = unit.vpn.written; }) (confinedUnits config.systemd.services);
    sockets = lib.mapAttrs (_: unit: { vpn = unit.vpn.written; }) (confinedUnits config.systemd.sockets);
    wireguard.interfaces = lib.mapAttrs (_: interfaceText) interfaces;
  }
  // lib.optionalAttrs (cfg.defaultNamespace != null) { inherit (cfg) defaultNamespace; };

  inStore = path: lib.isPath path || lib.hasPrefix "${builtins.storeDir}/" "${path}";
  configFiles = lib.filterAttrs (_: namespace: namespace.wireguard.configFile != null) enabledNamespaces;
  keyFilesOf =
    name: interface:
    let
      place = "networking.wireguard.interfaces.${name}";
    in
    lib.optional (interface.written ? privateKeyFile) {
      option = "${place}.privateKeyFile";
      value = interface.written.privateKeyFile;
    }
    ++ lib.concatMap (
      peer:
      lib.optional (peer.written ? presharedKeyFile) {
        option = "${place}.peers.*.presharedKeyFile";
        value = peer.written.presharedKeyFile;
      }
    ) (interface.written.peers or [ ]);

  refused = option: message: {
    assertion = false;
    message = "${option}: ${message}";
  };
  refusals =
    lib.concatLists (
      lib.mapAttrsToList (
        name: interface:
        let
          place = "networking.wireguard.interfaces.${name}";
          owner = "services.vpnConfinement.namespaces.${ownerOf name}";
          reason = "the interface belongs to ${owner}, which has no such setting. Take it out.";
        in
        map (option: refused "${place}.${option}" reason) (
          lib.attrNames (foreign interfaceOptions interface.written)
        )
        ++ lib.concatMap (
          peer:
          map (option: refused "${place}.peers.*.${option}" reason) (
            lib.attrNames (foreign peerOptions peer.written)
          )
        ) (interface.written.peers or [ ])
        ++ lib.concatMap (
          key:
          lib.optional (inStore key.value) (
            refused key.option (
              "a key in the store can be read by everybody. "
              + "Write the path of a file outside it, in quotation marks."
            )
          )
        ) (keyFilesOf name interface)
      ) interfaces
    )
    ++ lib.mapAttrsToList (
      name: _:
      refused "services.vpnConfinement.namespaces.${name}.wireguard.configFile" (
        "the build reads no file outside the store. "
        + "Write a path without quotation marks, of a file without keys, and the key's path as "
        + "networking.wireguard.interfaces.<if>.privateKeyFile; or write the interface itself there."
      )
    ) (lib.filterAttrs (_: namespace: !inStore namespace.wireguard.configFile) configFiles)
    ++ lib.optional usesNetworkd (
      refused "networking.wireguard.useNetworkd" (
        "no interface of services.vpnConfinement is made by systemd-networkd. Take it out."
      )
    );
  usesNetworkd =
    let
      option = options.networking.wireguard.useNetworkd or { };
    in
    interfaces != { } && option.highestPrio or 1500 < 1500 && option.value;

  program = "${cfg.package}/bin/vpn-confinement";
  tree =
    pkgs.runCommand "vpn-confinement-tree"
      {
        preferLocalBuild = true;
        allowSubstitutes = false;
        inherit program;
        configuration = pkgs.writeText "vpn-confinement.json" (builtins.toJSON document);
        configFiles = map (namespace: "${namespace.wireguard.configFile}") (lib.attrValues configFiles);
        systemd = "${config.systemd.package}";
        # Packages may bring parts of a unit: what confines is left out, or it would be made from itself.
        packages = map toString (lib.filter (package: !(package.isConfinement or false)) config.systemd.packages);
        units = map (unit: unit.unit) (lib.attrValues config.systemd.units);
        aliases = lib.concatLists (
          lib.mapAttrsToList (name: unit: map (alias: "${alias}=${name}") (unit.aliases or [ ])) config.systemd.units
        );
      }
      ''
        source ${./build-tree}
      '';
in
{
  imports = [ ./options.nix ];

  options.services.vpnConfinement = {
    package = lib.mkOption {
      type = lib.types.package;
      default = pkgs.vpn-confinement;
      description = "The program that builds the units, and that the units run.";
    };
    build = {
      document = lib.mkOption {
        type = lib.types.raw;
        internal = true;
        visible = false;
        readOnly = true;
        default = document;
        description = "The configuration as the program reads it.";
      };
      tree = lib.mkOption {
        type = lib.types.raw;
        internal = true;
        visible = false;
        readOnly = true;
        default = tree;
        description = "What the program builds from it.";
      };
    };
    namespaces = lib.mkOption { type = lib.types.attrsOf namespaceOf; };
  };
  options.systemd.services = lib.mkOption { type = lib.types.attrsOf serviceOf; };
  options.systemd.sockets = lib.mkOption { type = lib.types.attrsOf unitOf; };

  # The module of NixOS makes a wireguard-<if>.service of each interface, and so does the program. A confined interface
  # is taken out before that module sees it: one unit of that name is left.
  options.networking.wireguard.interfaces = lib.mkOption {
    type = lib.types.attrsOf interfaceOf;
    apply = lib.filterAttrs (name: _: ownerOf name == null);
  };

  config = lib.mkIf cfg.enable {
    assertions = refusals;
    # docs/adr/0025.
    warnings = [
      (
        "services.vpnConfinement: this version checks and builds. "
        + "Confined services are blocked and do not start on NixOS."
      )
    ];
    boot.kernelModules = lib.optional (interfaces != { }) "wireguard";
    systemd.packages = [
      {
        type = "derivation";
        name = "vpn-confinement-tree";
        outPath = "${tree}";
        isConfinement = true;
      }
    ];
    systemd.generators.vpn-confinement = "${tree}/etc/systemd/system-generators/vpn-confinement";
  };
}
