#!/bin/bash
# systemd 262 takes the units of one 'systemctl stop A B C' as one transaction: where it refuses one, it stops none.
# systemd 257 stops the others. Both end with status 5, and so a caller cannot tell by it.
# Usage: sudo findings/systemctl-several-units.sh    Needs mmdebstrap and systemd-nspawn. About two minutes.
# Nothing is installed on this machine. It fails where a version cannot be had, or does otherwise than written here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
experiment='
printf "[Service]\nExecStart=/bin/sleep infinity\n" | tee /etc/systemd/system/a.service >/etc/systemd/system/b.service
systemctl daemon-reload
systemctl start a b
systemctl stop a no-such b; status=$?
echo "$(systemctl is-active a b | xargs), status $status" >/result'

failed=0
expect() { # SUITE VERSION SEEN
    local what
    what=$(./on-debian "$1" "$2" "$experiment") || what="nothing"
    echo "systemd $2 (Debian $1): 'systemctl stop a no-such b' leaves a and b: $what"
    [ "$what" = "$3" ] || { echo "  not as written here: $3"; failed=1; }
}
expect trixie 257.13-1~deb13u1 "inactive inactive, status 5"
expect forky 262-1 "active active, status 5"
exit $failed
