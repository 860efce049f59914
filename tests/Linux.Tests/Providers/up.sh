# Runs the real wg-quick on a file, in namespaces of its own, and prints what came of it.
# $1: a folder with provider.conf, provider.key and hosts; $2: the root whose wg-quick it is.
set -eu
folder=$1 root=$2
mount -t tmpfs tmpfs /run
mkdir -p /run/wireguard /run/bin /run/keys
cp "$folder/provider.conf" "$folder/provider.key" "$folder/hosts" /run/keys
if [ "$root" != / ]; then
    mount --rbind /dev "$root/dev"
    mount --rbind /run "$root/run"
    mount -t proc proc "$root/proc"
fi
cat >/run/inside.sh <<'INSIDE'
set -eu
PATH=/usr/sbin:/usr/bin:/sbin:/bin
mount -t tmpfs tmpfs /etc/wireguard
mount --bind /run/keys/hosts /etc/hosts
cp /run/keys/provider.* /etc/wireguard
chmod 600 /etc/wireguard/*
# wg-quick looks for programs in its own folder first. What would change a host does nothing there.
cp "$(command -v wg-quick)" /run/bin/wg-quick
printf '#!/bin/sh\n[ "$1" != -a ] || cat >/run/dns\n' >/run/bin/resolvconf
printf '#!/bin/sh\n[ "$1" != -n ] || echo 1\n' >/run/bin/sysctl
for program in iptables ip6tables iptables-restore ip6tables-restore resolvectl; do
    printf '#!/bin/sh\n' >/run/bin/$program
done
chmod 755 /run/bin/*
export WG_ENDPOINT_RESOLUTION_RETRIES=0
ip link set lo up
/run/bin/wg-quick strip /etc/wireguard/provider.conf >/run/stripped
echo 'strip yes'
if ! /run/bin/wg-quick up /etc/wireguard/provider.conf >/run/log 2>&1; then
    echo 'up no'
    sed 's/^/log /' /run/log
    exit 0
fi
echo 'up yes'
ip -o link show dev provider | sed -n 's/.* mtu \([0-9]*\) .*/mtu \1/p'
ip -o addr show dev provider scope global | sed -n 's/.* inet6\{0,1\} \([^ ]*\) .*/address \1/p'
wg show provider dump | sed 's/^/dump /'
[ ! -e /run/dns ] || sed 's/^/dns /' /run/dns
for family in 4 6; do
    ip -$family route show table all dev provider |
        { grep -v '^local\|^broadcast\|^multicast\|^anycast\|table local' || true; } |
        sed "s/^\([^ ]*\).*/route$family \1/"
done
INSIDE
if [ "$root" = / ]; then
    exec /bin/bash /run/inside.sh
fi
exec chroot "$root" /bin/bash /run/inside.sh
