# What nix/module.nix makes of each case. Over the lib of these tests, or nixpkgs' own where its folder is given.
{ libFolder }:
let
  lib = if libFolder == "" then import ./lib.nix else import (/. + libFolder);
  cases = import ./cases.nix { inherit lib; };
  pkgs = import ./pkgs.nix;
  evaluate =
    module:
    lib.evalModules {
      modules = [
        ./host.nix
        ../../nix/module.nix
        { services.vpnConfinement.package = pkgs.vpn-confinement; }
        module
      ];
      specialArgs = { inherit pkgs; };
    };
  resultOf =
    module:
    let
      inherit ((evaluate module)) config;
      confinement = config.services.vpnConfinement;
    in
    {
      inherit (confinement.build) document;
      refusals = map (one: one.message) (lib.filter (one: !one.assertion) config.assertions);
      units = lib.mapAttrs (_: unit: unit.text) config.systemd.units;
      packages = map (package: package.name) config.systemd.packages;
      derived = lib.mapAttrs (
        _: namespace: namespace.derived.hostLink // { inherit (namespace.hostLink) hostIf nsIf; }
      ) confinement.namespaces;
    };
  isThrown = module: !(builtins.tryEval (builtins.deepSeq (resultOf module) true)).success;

  isOurs = name: lib.hasPrefix "services.vpnConfinement" name || lib.hasInfix ".vpn." name;
  # As the reference of NixOS prints them.
  declared = lib.filter (option: !option.internal && isOurs option.name) (
    lib.optionAttrSetToDocList (evaluate { }).options
  );
in
{
  trees = lib.mapAttrs (_: module: (evaluate module).config.services.vpnConfinement.build.tree) cases.built;
  result = {
    compared = lib.mapAttrs (_: case: resultOf case.module // { inherit (case) toml; }) cases.compared;
    refused = lib.mapAttrs (_: case: {
      inherit (case) option;
      inherit (resultOf case.module) refusals;
    }) cases.refused;
    thrown = lib.mapAttrs (_: isThrown) cases.thrown;
    disabled = resultOf cases.disabled;
    mixed = resultOf cases.mixed;
    named = resultOf cases.named;
    options = map (option: {
      inherit (option) name type;
      readOnly = option.readOnly or false;
      default = option.default.text or null;
    }) declared;
  };
}
