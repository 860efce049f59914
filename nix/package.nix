# The program and its start gate, built from the sources beside this folder.
{
  lib,
  buildDotnetModule,
  dotnetCorePackages,
  installShellFiles,
  makeWrapper,
  nftables,
  stdenv,
  wireguard-go,
  zlib,
}:
buildDotnetModule {
  pname = "vpn-confinement";
  version = "0.1.0";
  src = lib.cleanSource ../.;

  projectFile = [
    "src/VpnConfinement.Cli/VpnConfinement.Cli.csproj"
    "src/VpnConfinement.Gate/VpnConfinement.Gate.csproj"
  ];
  # Written by nix/update-deps.
  nugetDeps = ./deps.json;
  dotnet-sdk = dotnetCorePackages.sdk_10_0;
  dotnet-runtime = null;
  selfContainedBuild = true;
  executables = [ ];

  nativeBuildInputs = [
    installShellFiles
    makeWrapper
    stdenv.cc
  ];
  buildInputs = [ zlib ];

  # Units name the program by its path: a wrapper there finds the programs and the library that it calls. The gate runs
  # inside of services and calls nothing.
  postInstall = ''
    install -D -m 755 "$out/lib/vpn-confinement/vpn-confinement-gate" "$out/bin/vpn-confinement-gate"
    makeWrapper "$out/lib/vpn-confinement/vpn-confinement" "$out/bin/vpn-confinement" \
      --prefix LD_LIBRARY_PATH : ${lib.makeLibraryPath [ nftables ]} \
      --prefix PATH : ${lib.makeBinPath [ wireguard-go ]}
    installManPage man/*.[58]
  '';

  meta = {
    description = "Fail-closed WireGuard confinement of selected systemd services";
    license = lib.licenses.mit;
    mainProgram = "vpn-confinement";
    platforms = [
      "x86_64-linux"
      "aarch64-linux"
    ];
  };
}
