#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# process.apparmorProfile and exec --apparmor with profiles that the kernel enforces.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/oci.sh"
is "the kernel runs AppArmor" "$(cat /sys/module/apparmor/parameters/enabled)" Y
cat >"$work/profiles" <<'END'
profile mntns-test-no-writes flags=(attach_disconnected, mediate_deleted) {
	file,
	capability,
	network,
	signal,
	ptrace,
	umount,
	deny /tmp/secret rwklx,
	deny mount,
}
profile mntns-test-other flags=(attach_disconnected, mediate_deleted) {
	file,
	signal,
	deny /tmp/other rwklx,
}
END
ok "profiles are loaded" apparmor_parser -r "$work/profiles"
make_bundle "$work/box"
change '.root.readonly = false'
cp "$bundle/config.json" "$work/plain.json"
profile='.process.apparmorProfile = "mntns-test-no-writes"'
is "a profile is the process's" "$(sh_in 'cat /proc/self/attr/current' "$profile")" "mntns-test-no-writes (enforce)"
like "it denies what it denies" "$(sh_in 'echo a >/tmp/open && cat /tmp/open; echo b >/tmp/secret' "$profile | .root.readonly = false" 2>&1 | tr '\n' ' ')" '^a .*secret: Permission denied'
is "with no_new_privs as without" "$(sh_in 'cat /proc/self/attr/current' "$profile | .process.noNewPrivileges = true")" "mntns-test-no-writes (enforce)"
is "and with a filter" "$(sh_in 'cat /proc/self/attr/current' "$profile | .linux.seccomp = {defaultAction: \"SCMP_ACT_ALLOW\", syscalls: [{names: [\"mkdir\"], action: \"SCMP_ACT_ERRNO\"}]}")" "mntns-test-no-writes (enforce)"
is "as another user, without capabilities" "$(sh_in 'cat /proc/self/attr/current; id -u' "$profile | .process.user.uid = 1000 | .process.capabilities = {}" | tr '\n' ' ')" "mntns-test-no-writes (enforce) 1000 "
is "in a user namespace" "$(sh_in 'cat /proc/self/attr/current' "$profile | .linux.namespaces += [{type: \"user\"}] | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 1000}] | .linux.gidMappings = .linux.uidMappings")" "mntns-test-no-writes (enforce)"
is "unconfined is one, too" "$(sh_in 'cat /proc/self/attr/current' '.process.apparmorProfile = "unconfined"')" unconfined
is "without any it is the caller's" "$(sh_in 'cat /proc/self/attr/current')" unconfined
refused "one that is not loaded is refused" 1 'apparmorProfile.*mntns-test-none' sh_in true '.process.apparmorProfile = "mntns-test-none"'

# --- exec ---
make_bundle "$bundle" "$profile | .process.args = [\"sleep\", \"1000\"] | .root.readonly = false"
oci run --detach --bundle "$bundle" a </dev/null >/dev/null 2>&1
is "the container has it" "$(cat "/proc/$(oci state a | jq .pid)/attr/current")" "mntns-test-no-writes (enforce)"
is "exec has the container's" "$(oci exec a cat /proc/self/attr/current)" "mntns-test-no-writes (enforce)"
is "--apparmor another" "$(oci exec --apparmor mntns-test-other a cat /proc/self/attr/current)" "mntns-test-other (enforce)"
like "which denies something else" "$(oci exec --apparmor mntns-test-other a sh -c 'echo a >/tmp/secret && cat /tmp/secret; echo b >/tmp/other' 2>&1 | tr '\n' ' ')" '^a .*other: Permission denied'
refused "one that is not loaded is refused" 255 'mntns-test-none' oci exec --apparmor mntns-test-none a true
oci exec a cat /proc/self/attr/current >/dev/null
is "the container goes on" "$(oci state a | jq -r .status)" running
oci delete --force a

# --- engines ---
if command -v podman >/dev/null; then
	podman() { command podman --root "$work/graph" --runroot "$work/runroot" --cgroup-manager cgroupfs --storage-driver vfs --events-backend none --runtime "$OCI" "$@"; }
	tar -C "$bundle/rootfs" -c . | podman import -q - box >/dev/null 2>&1
	like "podman --security-opt apparmor=" "$(podman run --rm --network none --log-driver none --security-opt apparmor=mntns-test-other box cat /proc/self/attr/current 2>&1)" '^mntns-test-other \(enforce\)'
fi
is "no state is left" "$(ls "$oci_root")" ""
finish
