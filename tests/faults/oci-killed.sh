#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A container's process killed by somebody between its birth and its release.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/oci.sh"
: "${FAULT:?the tracer, tests/tools/fault.c}"
make_bundle "$work/bundle" '.process.args = ["true"]'
traced() { "$FAULT" "$@" </dev/null; }

# The first start prepares the machine, and bears more.
ok "a start" oci run --bundle "$bundle" first
ok "which is traced" traced -l "$work/calls" "$OCI" --root "$oci_root" run --bundle "$bundle" listed
mapfile -t points < <(awk '$1 != "0" && $3 == "recvmsg" {print $1":"$2":"$3}' "$work/calls")
ok "its process waits for its release" test ${#points[@]} -gt 0
for point in "${points[@]}"; do
	said=$(traced -p "$point" -k "$OCI" --root "$oci_root" run --bundle "$bundle" killed 2>&1)
	is "run, killed at $point: 128 and the signal" "$?, $said" "137, "
	is "and nothing is left" "$(ls "$oci_root")$(cgroups_of killed)" ""
	refused "run --detach does not say that it runs" 1 'was killed before its start' \
		traced -p "$point" -k "$OCI" --root "$oci_root" run --detach --bundle "$bundle" killed
	is "and leaves nothing" "$(ls "$oci_root")$(cgroups_of killed)" ""
done
finish
