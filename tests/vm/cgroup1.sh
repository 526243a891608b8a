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

pages_limit=hugetlb/hugetlb.2MB.limit_in_bytes
pages_reserved=hugetlb/hugetlb.2MB.rsvd.limit_in_bytes
pages_cgroup=$top/hugetlb/mntns-oci-$name
rdma_max=rdma/rdma.max
. "$(dirname "$0")/pages-rdma.sh"
finish
