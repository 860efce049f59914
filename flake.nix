{
  description = "Fail-closed WireGuard confinement of selected systemd services";

  inputs.nixpkgs.url = "github:NixOS/nixpkgs/nixos-unstable";

  outputs =
    { self, nixpkgs }:
    let
      inherit (nixpkgs) lib;
      perSystem = lib.genAttrs [
        "x86_64-linux"
        "aarch64-linux"
      ];
    in
    {
      overlays.default = final: _: { vpn-confinement = final.callPackage ./nix/package.nix { }; };

      packages = perSystem (system: {
        default = nixpkgs.legacyPackages.${system}.callPackage ./nix/package.nix { };
      });

      nixosModules.default =
        { pkgs, ... }:
        {
          imports = [ ./nix/module.nix ];
          services.vpnConfinement.package = lib.mkDefault self.packages.${pkgs.stdenv.hostPlatform.system}.default;
        };

      # The tree of a configuration in the module system of nixpkgs: a refusal fails it.
      checks = perSystem (system: {
        default =
          (lib.nixosSystem {
            modules = [
              self.nixosModules.default
              ./nix/example.nix
              { nixpkgs.hostPlatform = system; }
            ];
          }).config.services.vpnConfinement.build.tree;
      });
    };
}
