# What follows from a namespace's name: the ends of its link to the host and their addresses (docs/options.md).
# The same as HostLinkDerivation of the program; a test holds the two equal.
{
  lib,
  name,
  config,
}:
let
  hash = builtins.hashString "sha256";
  digits = text: builtins.substring 0 12 (hash text);
  remainder = number: divisor: number - divisor * (number / divisor);

  # 169.254.0.0/16 holds 16384 subnets of four addresses.
  count = 16384;
  # RFC 3927 2.1 reserves the first and the last /24; 169.254.169.254 is the metadata service of every cloud.
  isReserved = index: index / 64 == 0 || index / 64 == 255 || index == 169 * 64 + 63;
  free = index: if isReserved index then free (remainder (index + 1) count) else index;
  first = (builtins.fromTOML "index = 0x${builtins.substring 0 8 (hash name)}").index;
  index = free (remainder first count);
  address = offset: "169.254.${toString (index / 64)}.${toString (remainder index 64 * 4 + offset)}";

  # Of a subnet that the user wrote. One that is none is refused by the build.
  written = builtins.match "([0-9]+[.][0-9]+[.][0-9]+[.])(0|[1-9][0-9]{0,2})/30" config.hostLink.subnetIPv4;
  inWritten =
    offset:
    if written == null then
      null
    else
      builtins.elemAt written 0 + toString (lib.toInt (builtins.elemAt written 1) + offset);

  isLinked = config.hostLink.enable || config.publishToHost.tcp != [ ];
  isDerived = config.hostLink.subnetIPv4 == null;
  at = offset: if isDerived then address offset else inWritten offset;
in
{
  hostIf = "vh-${digits "host:${name}"}";
  nsIf = "vn-${digits "ns:${name}"}";
  derived = lib.mapAttrs (_: value: if isLinked then value else null) {
    subnetIPv4 = if isDerived then "${address 0}/30" else config.hostLink.subnetIPv4;
    hostAddressIPv4 = at 1;
    nsAddressIPv4 = at 2;
  };
}
