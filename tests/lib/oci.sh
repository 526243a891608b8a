# SPDX-License-Identifier: Apache-2.0
# Bundles for tests of mntns-oci; sourced after tap.sh.
#
#   OCI       the program under test
#   oci …     it, with a state directory of this script's own
#   bundle    a directory with config.json and the busybox root file system

OCI=$(realpath "${OCI:-$(dirname "$MNTNS")/mntns-oci}")
oci_root=$work/state
oci() {
	"$OCI" --root "$oci_root" "$@"
}
# make_bundle [DIR] [JQ-FILTER]: the default configuration, without a terminal
make_bundle() {
	bundle=${1:-$work/bundle}
	mkdir -p "$bundle"
	[ -d "$bundle/rootfs" ] || make_root "$bundle/rootfs"
	rm -f "$bundle/config.json"
	"$OCI" spec --bundle "$bundle"
	change ".process.terminal = false${2:+ | $2}"
}
# change JQ-FILTER: of the bundle's configuration
change() {
	jq "$1" "$bundle/config.json" >"$bundle/new" && mv "$bundle/new" "$bundle/config.json"
}
# sh_in SCRIPT [JQ-FILTER]: runs it in a fresh container of the default configuration
sh_in() {
	make_bundle "$bundle" ".process.args = [\"/bin/sh\", \"-c\", $(jq -Rn --arg s "$1" '$s')]${2:+ | $2}"
	oci run --bundle "$bundle" "c$$-$((++containers))" </dev/null
}
containers=0
# The cgroup directories of a container.
cgroups_of() {
	ls -d /sys/fs/cgroup/{,*/}mntns-oci-"$1" 2>/dev/null
}
# It is no more; what nobody has waited for yet does not count.
process_is_gone() {
	! grep -q '^State:.[^ZX]' "/proc/$1/status" 2>/dev/null
}
