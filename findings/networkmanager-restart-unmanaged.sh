#!/bin/bash
# NetworkManager 1.42.4 gives a link that it is told to leave alone (unmanaged-devices=) another addrgenmode when it is
# restarted: none becomes eui64, and a link that comes up then has an IPv6 link-local address that nobody asked for.
# Usage: sudo findings/networkmanager-restart-unmanaged.sh    Needs mmdebstrap and systemd-nspawn. About a minute.
# Nothing is installed on this machine. It fails where the version cannot be had, or does otherwise than written here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
experiment='
printf "[keyfile]\nunmanaged-devices=interface-name:vh-x\n" >/etc/NetworkManager/conf.d/x.conf
mode() { ip -d link show vh-x | grep -o "addrgenmode [a-z0-9]*"; }
ip link add vh-x type veth peer name vn-x
ip link set vh-x addrgenmode none
systemctl start NetworkManager
nm-online -s -q -t 30
ip link set vh-x addrgenmode none
state=$(nmcli -g GENERAL.STATE device show vh-x)
before=$(mode)
systemctl restart NetworkManager
nm-online -s -q -t 30
sleep 2
echo "$state: $before, after a restart $(mode)" >/result'

expected="10 (unmanaged): addrgenmode none, after a restart addrgenmode eui64"
seen=$(./on-debian bookworm 252.39-1~deb12u2 "$experiment" libpam-systemd=252.39-1~deb12u2,network-manager=1.42.4-1+deb12u1,iproute2) || seen="nothing"
echo "NetworkManager 1.42.4 (Debian bookworm): $seen"
[ "$seen" = "$expected" ] || { echo "  not as written here: $expected"; exit 1; }
