#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Limits of mntns-oci on hierarchies of cgroup v1 that are rarely mounted: huge pages, rdma.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/oci.sh"
top=/sys/fs/cgroup
name=cgroup1
M=$((1 << 20))
make_bundle "$work/box" '.process.args = ["/bin/sleep", "1000"]'
cp "$bundle/config.json" "$work/plain.json"
limited() { # RESOURCES: a container with these
	jq ".linux.resources += $1" "$work/plain.json" >"$bundle/config.json"
	oci create --bundle "$bundle" "$name" </dev/null >"$work/said" 2>&1 || { cat "$work/said" >&2; return 1; }
	oci start "$name"
}
updated() { jq -n "$1" | oci update --resources - "$name"; }
file() { tr '\n' ' ' <"$top/${1%%/*}/mntns-oci-$name/${1#*/}" | sed 's/ *$//'; }
left() { find $top -type d -name "mntns-oci-$name" 2>/dev/null; ls "$oci_root" | grep -x "$name"; }
gone() {
	oci delete --force "$name"
	is "$1: nothing is left" "$(left)" ""
}
nothing_of() { # SENTENCE PATTERN RESOURCES
	refused "$1" 1 "$2" limited "$3"
	is "$1: nothing is left" "$(left)" ""
}
like "hierarchies of v1" "$(stat -f -c %T $top/hugetlb $top/rdma | xargs)" '^cgroupfs cgroupfs$'

# --- hugetlb ---
echo 4 >/proc/sys/vm/nr_hugepages
ok "hugepageLimits" limited "{hugepageLimits: [{pageSize: \"2MB\", limit: $((4 * M))}]}"
is "usage, reservations" "$(file hugetlb/hugetlb.2MB.limit_in_bytes) $(file hugetlb/hugetlb.2MB.rsvd.limit_in_bytes)" "$((4 * M)) $((4 * M))"
ok "update" updated "{hugepageLimits: [{pageSize: \"2MB\", limit: $((2 * M))}]}"
is "both are changed" "$(file hugetlb/hugetlb.2MB.limit_in_bytes) $(file hugetlb/hugetlb.2MB.rsvd.limit_in_bytes)" "$((2 * M)) $((2 * M))"
huge() { # MEGABYTES: mapped in the container's cgroup
	sh -c 'echo $$ >"$0/cgroup.procs"; exec python3 -c "import mmap, sys; mmap.mmap(-1, int(sys.argv[1]) << 20, flags=0x40022)[0] = 1" "$1"' \
		"$top/hugetlb/mntns-oci-$name" "$1" 2>&1
}
is "by effect" "$(huge 2)" ""
like "more is refused where it is mapped, not by a signal later" "$(huge 4)" 'Cannot allocate memory'
gone "hugetlb"
nothing_of "a size that there is not" 'linux.resources.hugepageLimits.3MB: ' '{hugepageLimits: [{pageSize: "3MB", limit: 1}]}'

# --- rdma ---
nothing_of "rdma without a device" 'linux.resources.rdma.rxe0: write rxe0 hca_handle=3 hca_object=100 to .*/rdma.max: No such device' '{rdma: {rxe0: {hcaHandles: 3, hcaObjects: 100}}}'
modprobe rdma_rxe 2>/dev/null || /run/vm/modprobe rdma_rxe
ip link add rdma0 type dummy && ip link set rdma0 up
ok "a device of software" rdma link add rxe0 type rxe netdev rdma0
ok "rdma" limited '{rdma: {rxe0: {hcaHandles: 3, hcaObjects: 100}}}'
is "rdma.max" "$(file rdma/rdma.max)" "rxe0 hca_handle=3 hca_object=100"
ok "update" updated '{rdma: {rxe0: {hcaHandles: 5}}}'
is "of one leaves the other" "$(file rdma/rdma.max)" "rxe0 hca_handle=5 hca_object=100"
gone "rdma"
finish
