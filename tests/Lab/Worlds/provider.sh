#!/bin/sh
# The provider's end of the tunnel: runs in a mount namespace of its own and in the provider's network namespace.
# Its configuration comes in on standard input up to a line "end"; then standard input is the life line: when it closes, the tunnel ends.
set -eu
mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/wireguard /run/lab
: >/run/lab/wg.conf
chmod 600 /run/lab/wg.conf
while read -r line && [ "$line" != end ]; do
    printf '%s\n' "$line" >>/run/lab/wg.conf
done

daemon=
end() {
    if [ -n "$daemon" ]; then
        kill -KILL "$daemon" 2>/dev/null || :
        wait "$daemon" 2>/dev/null || :
    fi
}
trap end EXIT
trap 'exit 1' TERM
trap '' INT HUP
if ! ip link add wg0 type wireguard 2>/dev/null; then
    WG_I_PREFER_BUGGY_USERSPACE_TO_POLISHED_KMOD=1 wireguard-go -f wg0 >/run/lab/log 2>&1 </dev/null &
    daemon=$!
    attempts=0
    while [ ! -S /run/wireguard/wg0.sock ]; do
        attempts=$((attempts + 1))
        if [ "$attempts" -gt 100 ]; then
            cat /run/lab/log >&2
            exit 1
        fi
        sleep 0.05
    done
fi
wg setconf wg0 /run/lab/wg.conf
ip address add "$1" dev wg0
ip link set wg0 mtu 1420 up
echo ready
read -r _ || :
