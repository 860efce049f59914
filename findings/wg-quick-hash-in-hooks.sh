#!/bin/bash
# wg(8) calls a '#' and what follows it a comment. wg-quick of wireguard-tools 1.0.20210914 cuts a hook there, even
# within a word, and runs what is before it without a message. That of 1.0.20260223 gives bash the whole line, though
# wg(8) says the same. One PostUp thus runs as two different commands, and both succeed.
# Usage: sudo findings/wg-quick-hash-in-hooks.sh    Needs mmdebstrap. About two minutes.
# Nothing is installed on this machine. It fails where a version cannot be had, or does otherwise than written here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
experiment='
up wg0 <<END
[Interface]
PrivateKey = $(wg genkey)
PostUp = ip link set dev %i alias site#1
END
ip link show dev wg0 | sed -n "s/^ *alias //p"'
failed=0
expect() { # SUITE VERSION SEEN
    local what
    what=$(./with-wg-quick "$1" "$2" "$experiment") || what="nothing"
    echo "wireguard-tools $2 (Debian $1): 'PostUp = ip link set dev %i alias site#1' sets the alias: $what"
    [ "$what" = "$3" ] || { echo "  not as written here: $3"; failed=1; }
}
expect trixie 1.0.20210914-3 "site"
expect forky 1.0.20260223-2 "site#1"
exit $failed
