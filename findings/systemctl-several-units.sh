#!/bin/bash
# systemd 262 takes the units of one 'systemctl stop A B C' as one transaction: where it refuses one, it stops none.
# systemd 257 stops the others. Both end with status 5, and so a caller cannot tell by it.
# Usage: sudo findings/systemctl-several-units.sh    Needs mmdebstrap and systemd-nspawn. About two minutes.
# Nothing is installed on this machine. It fails where a version cannot be had, or does otherwise than written here.
set -euo pipefail
name=finding-$$
folder=$(mktemp -d)
end() {
    rm -rf "$folder"
    rmdir "/sys/fs/cgroup/unified/$name" "/sys/fs/cgroup/$name" 2>/dev/null || :
}
trap end EXIT
mirror=${LAB_MIRROR:-$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Component: main' | head -n 1)}

seen() { # SUITE VERSION: what is active of a and b after 'systemctl stop a no-such b', and the status of that
    local root=$folder/$1
    mmdebstrap --variant=minbase --mode=root --quiet --include="systemd-sysv=$2,systemd=$2" \
        --aptopt='Acquire::Check-Valid-Until "false"' "$1" "$root" "$mirror" </dev/null >&2
    printf '[Service]\nExecStart=/bin/sleep infinity\n' | tee "$root/etc/systemd/system/a.service" >"$root/etc/systemd/system/b.service"
    cat >"$root/experiment" <<'END'
#!/bin/sh
systemctl start a b
systemctl stop a no-such b; status=$?
echo "$(systemctl is-active a b | xargs), status $status" >/result
END
    chmod 755 "$root/experiment"
    printf '[Unit]\nRequires=basic.target\nAfter=basic.target\n[Service]\nExecStart=/experiment\nExecStopPost=systemctl --no-block poweroff\n' \
        >"$root/etc/systemd/system/experiment.service"
    # A control group hierarchy of version 2 for the container, whatever this machine has.
    timeout 120 unshare --mount --propagation private -- /bin/sh -ec '
        mount -t tmpfs tmpfs /run
        mkdir -p /run/systemd/nspawn
        umount -R /sys/fs/cgroup 2>/dev/null || umount -R -l /sys/fs/cgroup
        mount -t cgroup2 cgroup2 /sys/fs/cgroup
        mkdir -p "/sys/fs/cgroup/$1"
        echo $$ >"/sys/fs/cgroup/$1/cgroup.procs"
        systemd-nspawn --quiet --keep-unit --register=no --boot -D "$2" --private-network --resolv-conf=off --timezone=off \
            --link-journal=no --console=read-only systemd.unit=experiment.service </dev/null >"$2.log" 2>&1 || tail -n 5 "$2.log" >&2
        echo $$ >/sys/fs/cgroup/cgroup.procs
        find "/sys/fs/cgroup/$1" -depth -type d -exec rmdir {} \; 2>/dev/null || :' sh "$name" "$root"
    cat "$root/result"
}

failed=0
expect() { # SUITE VERSION SEEN
    local what
    what=$(seen "$1" "$2") || what="nothing"
    echo "systemd $2 (Debian $1): 'systemctl stop a no-such b' leaves a and b: $what"
    [ "$what" = "$3" ] || { echo "  not as written here: $3"; failed=1; }
}
expect trixie 257.13-1~deb13u1 "inactive inactive, status 5"
expect forky 262-1 "active active, status 5"
exit $failed
