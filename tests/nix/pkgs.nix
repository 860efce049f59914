# The functions of nixpkgs that nix/module.nix uses, with the programs of this machine.
let
  runCommand =
    name: environment: script:
    derivation (
      environment
      // {
        inherit name;
        system = builtins.currentSystem;
        builder = "/bin/bash";
        args = [
          "-e"
          (builtins.toFile "script" "PATH=/usr/bin:/bin\n${script}")
        ];
      }
    );
in
{
  inherit runCommand;
  writeText = name: text: builtins.toFile name (builtins.unsafeDiscardStringContext text);
  vpn-confinement = {
    type = "derivation";
    name = "vpn-confinement";
    outPath = builtins.getEnv "VPNC_PACKAGE";
  };
}
