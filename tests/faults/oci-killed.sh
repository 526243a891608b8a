#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A container's process killed by somebody between its birth and its release, and the runtime's helper anywhere.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/oci.sh"
: "${FAULT:?the tracer, tests/tools/fault.c}"
make_bundle "$work/bundle" '.process.args = ["true"]'
traced() { "$FAULT" "$@" </dev/null; }

# The first start prepares the machine, and bears more.
ok "a start" oci run --bundle "$bundle" first
ok "which is traced" traced -l "$work/calls" "$OCI" --root "$oci_root" run --bundle "$bundle" listed
points_of() { awk "$1"' {print $1":"$2":"$3}' "$work/calls"; }
mapfile -t points < <(points_of '$1 == "0.1" && $3 == "recvmsg"')
ok "its process waits for its release" test ${#points[@]} -gt 0
for point in "${points[@]}"; do
	said=$(traced -p "$point" -k "$OCI" --root "$oci_root" run --bundle "$bundle" killed 2>&1)
	is "run, killed at $point: 128 and the signal" "$?, $said" "137, "
	is "and nothing is left" "$(ls "$oci_root")$(cgroups_of killed)" ""
	refused "run --detach does not say that it runs" 1 'was killed before its start' \
		traced -p "$point" -k "$OCI" --root "$oci_root" run --detach --bundle "$bundle" killed
	is "and leaves nothing" "$(ls "$oci_root")$(cgroups_of killed)" ""
done

# --- the helper, the first child: what it was to make is made without it, or its end is told ---
without_helper() { # POINT
	said=$(traced -p "$1" -k "$OCI" --root "$oci_root" run --bundle "$bundle" alone 2>&1)
	case $?,$said in
	0,) ok "run, its helper killed at $1" true ;;
	200,) ok "run, its helper did not come to $1" true ;;
	*) is "run, its helper killed at $1" "$said" "mntns-oci: new namespaces: the helper that made them was killed" ;;
	esac
	is "and nothing is left" "$(ls "$oci_root")$(cgroups_of alone)" ""
}
mapfile -t points < <(points_of '$1 == "0.0"')
ok "it makes namespaces and cgroups" test "$(printf '%s\n' "${points[@]}" | grep -c ':unshare$\|:mkdirat$')" -ge 1
for point in "${points[@]}"; do without_helper "$point"; done
ok "it cannot be told to end, and ends" traced -p 0:0:kill -e 1 "$OCI" --root "$oci_root" run --bundle "$bundle" told
finish
