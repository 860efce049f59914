#!/bin/sh
# Boots a throw-away systemd over a root that is only read: this machine's own, "/", or that of another Debian. Runs in a mount namespace of its own
# (unshare --mount), so every mount below is gone with it. Standard input is the life line: when it closes, the machine ends. Each line
# on it names a network namespace to boot in; another line, after the machine went down, boots what is on its disk once more.
# Arguments: NAME STAGING LOG ROOT, then further arguments for systemd-nspawn.
set -eu
name=$1 staging=$2 log=$3 root=$4
shift 4

mount -t tmpfs -o mode=755 tmpfs /run
mkdir -p /run/lab/root /run/systemd/nspawn

# A mount point of the real root is not part of an overlay of "/": give each its own.
overlay() {
    mkdir -p "/run/lab/upper$2" "/run/lab/work$2"
    mount -t overlay -o "lowerdir=$1,upperdir=/run/lab/upper$2,workdir=/run/lab/work$2" overlay "$3"
}
overlay "$root" /root /run/lab/root
for folder in usr etc var opt; do
    if [ "$root" = / ] && mountpoint -q "/$folder"; then
        overlay "/$folder" "/$folder" "/run/lab/root/$folder"
    fi
done
cd /run/lab/root

# What this machine's owner enabled (databases, container engines, network managers, mounts) has no place in the lab.
rm -rf etc/systemd/system etc/systemd/network etc/init.d etc/rcS.d etc/rc?.d etc/fstab etc/crypttab etc/resolv.conf
rm -rf etc/vpn-confinement etc/wireguard etc/sysctl.d usr/bin/vpn-confinement usr/bin/vpn-confinement-gate usr/local/bin/vpn-confinement etc/systemd/system-generators/vpn-confinement var/lib/vpn-confinement
mkdir -p etc/systemd/system etc/systemd/system-generators
: >etc/fstab
for folder in usr/lib/systemd usr/local/lib/systemd; do
    for generator in "$folder"/system-generators/*; do
        [ ! -e "$generator" ] || ln -sfn /dev/null "etc/systemd/system-generators/$(basename "$generator")"
    done
done
cp -a "$staging/upper/." .
cat "$staging/passwd" >>etc/passwd
cat "$staging/group" >>etc/group
cd /

umount -R /sys/fs/cgroup 2>/dev/null || umount -R -l /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mkdir "/sys/fs/cgroup/$name"
echo $$ >"/sys/fs/cgroup/$name/cgroup.procs"

nspawn=
end() {
    for child in $(cat "/proc/$nspawn/task/$nspawn/children" 2>/dev/null); do
        kill -KILL "$child" 2>/dev/null || :
    done
    kill -KILL "$nspawn" 2>/dev/null || :
    wait "$nspawn" 2>/dev/null || :
    echo $$ >/sys/fs/cgroup/cgroup.procs || :
    for attempt in $(seq 100); do
        find "/sys/fs/cgroup/$name" -depth -type d -exec rmdir {} \; 2>/dev/null || :
        [ -d "/sys/fs/cgroup/$name" ] || break
        sleep 0.1
    done
    rm -rf "$staging"
}
trap end EXIT
trap 'exit 1' TERM
# The terminal's Ctrl-C is for the lab, which then closes the life line.
trap '' INT HUP

# The settings of a network namespace that is its own are the machine's to write.
export SYSTEMD_NSPAWN_API_VFS_WRITABLE=network
# Unconfined services can add keys. None can request one: the kernel would run a program of the machine outside.
# For a userspace WireGuard; where the kernel's is used it may be missing.
[ ! -e /dev/net/tun ] || set -- --bind=/dev/net/tun "$@"
# For automount units, which have the kernel's autofs ask the machine's systemd.
[ ! -e /dev/autofs ] || set -- --bind=/dev/autofs "$@"
while read -r netns; do
    [ -z "$nspawn" ] || wait "$nspawn" || :
    systemd-nspawn --quiet --keep-unit --register=no --boot -D /run/lab/root --machine="$name" --network-namespace-path="$netns" --resolv-conf=off \
        --timezone=off --link-journal=no --capability=all --drop-capability=CAP_SYS_MODULE \
        --system-call-filter="bpf add_key keyctl pidfd_getfd" \
        --console=read-only "$@" </dev/null >>"$log" 2>&1 &
    nspawn=$!
    echo "$nspawn"
done
end
