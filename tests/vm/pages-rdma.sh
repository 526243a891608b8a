# shellcheck shell=bash
# SPDX-License-Identifier: Apache-2.0
# Limits of huge pages and RDMA, which few kernels have; sourced by the test of each version of
# cgroups. Its functions: limited, updated, gone, nothing_of; `file` prints a file of the container's
# cgroup. Files: pages_limit, pages_reserved, rdma_max; pages_cgroup is its directory.
echo 4 >/proc/sys/vm/nr_hugepages
ok "hugepageLimits" limited "{hugepageLimits: [{pageSize: \"2MB\", limit: $((4 * M))}]}"
is "usage, reservations" "$(file "$pages_limit") $(file "$pages_reserved")" "$((4 * M)) $((4 * M))"
ok "update" updated "{hugepageLimits: [{pageSize: \"2MB\", limit: $((2 * M))}]}"
is "both are changed" "$(file "$pages_limit") $(file "$pages_reserved")" "$((2 * M)) $((2 * M))"
huge() { # MEGABYTES: mapped in the container's cgroup
	sh -c 'echo $$ >"$0/cgroup.procs"; exec python3 -c "import mmap, sys; mmap.mmap(-1, int(sys.argv[1]) << 20, flags=0x40022)[0] = 1" "$1"' \
		"$pages_cgroup" "$1" 2>&1
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
is "rdma.max" "$(file "$rdma_max")" "rxe0 hca_handle=3 hca_object=100"
ok "update" updated '{rdma: {rxe0: {hcaHandles: 5}}}'
is "of one leaves the other" "$(file "$rdma_max")" "rxe0 hca_handle=5 hca_object=100"
gone "rdma"
