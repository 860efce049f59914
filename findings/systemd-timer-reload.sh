#!/bin/bash
# 'systemctl daemon-reload' has a running timer count OnActiveSec= anew (systemd 252, 257, 262), which systemd.timer(5)
# calls relative to the moment at which the timer was activated. Where something reloads systemd again and again, a
# package manager for one, such a timer waits for the end of that.
# Usage: sudo findings/systemd-timer-reload.sh    Needs mmdebstrap and systemd-nspawn. About three minutes.
# Nothing is installed on this machine. It fails where a version cannot be had, or does otherwise than written here.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
experiment='
cd /etc/systemd/system
for timer in quiet reloaded; do
    printf "[Service]\nType=oneshot\nExecStart=/bin/touch /ran-%s\n" $timer >$timer.service
    printf "[Timer]\nOnActiveSec=6s\nAccuracySec=100ms\n" >$timer.timer
done
systemctl daemon-reload
after() { # TIMER COMMAND: whether it ran ten seconds after its start, with the command run every two
    systemctl start $1.timer
    for i in 1 2 3 4 5; do sleep 2; $2; done
    systemctl stop $1.timer
    [ -e /ran-$1 ] && echo ran || echo did not run
}
quiet=$(after quiet true)
reloaded=$(after reloaded "systemctl daemon-reload")
echo "left alone it $quiet, reloaded it $reloaded" >/result'

failed=0
expect() { # SUITE VERSION SEEN
    local what
    what=$(./on-debian "$1" "$2" "$experiment") || what="nothing"
    echo "systemd $2 (Debian $1): ten seconds after the start of a timer of six: $what"
    [ "$what" = "$3" ] || { echo "  not as written here: $3"; failed=1; }
}
for release in "bookworm 252.39-1~deb12u2" "trixie 257.13-1~deb13u1" "forky 262-1"; do
    expect $release "left alone it ran, reloaded it did not run"
done
exit $failed
