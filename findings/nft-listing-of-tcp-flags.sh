#!/bin/bash
# Releases of nftables list the same rule in different notations. A hash of listings changes with the package.
# nftables 1.0.6 lists a masked comparison of TCP flags as "syn / fin,syn,rst,ack", however it was written.
# nftables 1.1.3 and 1.1.7 list it as "& (fin | syn | rst | ack) == syn", however it was written.
# Usage: sudo findings/nft-listing-of-tcp-flags.sh    Needs mmdebstrap. About two minutes.
# Nothing is installed on this machine. It fails where a version cannot be had, or does otherwise than written here.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
mirror=${LAB_MIRROR:-$(apt-get indextargets --format '$(SITE)' 'Created-By: Packages' 'Component: main' | head -n 1)}
cat >"$folder/ruleset" <<'END'
table inet t {
    chain c {
        tcp flags & (fin | syn | rst | ack) == syn counter
        tcp flags rst / fin,syn,rst,ack counter
    }
}
END

failed=0
expect() { # SUITE VERSION LISTING
    local root=$folder/$1 what
    mmdebstrap --variant=essential --mode=root --quiet --include="nftables=$2,libnftables1=$2" \
        --aptopt='Acquire::Check-Valid-Until "false"' "$1" "$root" "$mirror" </dev/null >&2
    cp "$folder/ruleset" "$root/ruleset"
    what=$(unshare --net chroot "$root" sh -c 'nft -f /ruleset && nft -s list chain inet t c' \
        | sed -n 's/^\t\t\(.*\) counter$/\1/p')
    printf 'nftables %s (Debian %s) lists\n%s\n' "$2" "$1" "$what"
    [ "$what" = "$3" ] || { printf '  not as written here:\n%s\n' "$3"; failed=1; }
}
slashes='tcp flags syn / fin,syn,rst,ack
tcp flags rst / fin,syn,rst,ack'
masks='tcp flags & (fin | syn | rst | ack) == syn
tcp flags & (fin | syn | rst | ack) == rst'
expect bookworm 1.0.6-2+deb12u2 "$slashes"
expect trixie 1.1.3-1 "$masks"
expect forky 1.1.7-3 "$masks"
exit $failed
