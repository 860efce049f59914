#!/bin/bash
# wg-quick of wireguard-tools 1.0.20210914 runs PreUp before the link exists. That of 1.0.20260223 runs it afterwards,
# and keeps a private key that PreUp sets. wg-quick(8) of the newer one has an example of it. With the older one
# 'wg-quick up' of such a file fails.
# Usage: sudo findings/wg-quick-preup-and-link.sh    Needs mmdebstrap. About two minutes.
# Nothing is installed on this machine. It fails where a version cannot be had, or does otherwise than written here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
experiment='
wg genkey >/key
up wg0 <<END
[Interface]
PrivateKey = $(wg genkey)
PreUp = if ip link show dev %i >/dev/null 2>&1; then echo link; else echo no link; fi >/seen
END
echo "PreUp sees $(cat /seen)"
if up wg1 <<END
[Interface]
PreUp = wg set %i private-key /key
END
then
    [ "$(wg show wg1 private-key)" = "$(cat /key)" ] && echo "its key stays" || echo "its key is lost"
else
    sed -n "s/^\(Unable to modify interface\):.*/\1/p" /said
fi'
failed=0
expect() { # SUITE VERSION SEEN
    local what
    what=$(./with-wg-quick "$1" "$2" "$experiment" | paste -s -d ,) || what="nothing"
    echo "wireguard-tools $2 (Debian $1): $what"
    [ "$what" = "$3" ] || { echo "  not as written here: $3"; failed=1; }
}
expect trixie 1.0.20210914-3 "PreUp sees no link,Unable to modify interface"
expect forky 1.0.20260223-2 "PreUp sees link,its key stays"
exit $failed
