#!/bin/bash
# Where a file names no MTU, wg-quick of wireguard-tools 1.0.20210914 takes the widest path to any peer's endpoint, less
# 80. That is too much for the path to another peer. 1.0.20260223 takes the narrowest. wg-quick(8) of both says that the
# MTU comes from the endpoint addresses, and not which. An upgrade thus changes the MTU of a link to several peers.
# Usage: sudo findings/wg-quick-mtu-of-several-peers.sh    Needs mmdebstrap. About two minutes.
# Nothing is installed on this machine. It fails where a version cannot be had, or does otherwise than written here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
experiment='
path() { # DEVICE MTU ADDRESS
    ip link add dev $1 mtu $2 type veth peer name $1-end
    ip address add $3 dev $1
    ip link set dev $1-end up
    ip link set dev $1 up
}
path wide 1500 198.51.100.1/24
path narrow 1400 203.0.113.1/24
up wg0 <<END
[Interface]
PrivateKey = $(wg genkey)
Address = 10.20.0.1/32
[Peer]
PublicKey = $(wg genkey | wg pubkey)
AllowedIPs = 10.20.0.2/32
Endpoint = 198.51.100.2:51820
[Peer]
PublicKey = $(wg genkey | wg pubkey)
AllowedIPs = 10.20.0.3/32
Endpoint = 203.0.113.2:51820
END
ip -o link show dev wg0 | sed "s/.* mtu \([0-9]*\) .*/MTU \1/"'
failed=0
expect() { # SUITE VERSION SEEN
    local what
    what=$(./with-wg-quick "$1" "$2" "$experiment") || what="nothing"
    echo "wireguard-tools $2 (Debian $1): with paths of 1500 and 1400 to two peers: $what"
    [ "$what" = "$3" ] || { echo "  not as written here: $3"; failed=1; }
}
expect trixie 1.0.20210914-3 "MTU 1420"
expect forky 1.0.20260223-2 "MTU 1320"
exit $failed
