#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# D7, D8: namespaces by path that are of another type or no namespace at all, and no mount namespace.
#
# A runtime that joins without a look shares what was not meant; crun 1.27.1 makes the container's
# mounts in the caller's namespace when none is asked for.
. "$(dirname "$0")/lib.sh"
PATIENCE=2
mkfifo "$work/fifo"
echo x >"$work/file"
ln -s /proc/self/ns/net "$work/link"
for type in pid network ipc uts mount cgroup; do
	for path in "$work/file" "$work/fifo" "$work" /dev/null /proc/self/ns/user "$work/none" relative "" /proc/self/ns/../stat; do
		[ -n "$path" ] || continue
		config '.linux.namespaces |= map(if .type == $type then .path = $path else . end)' --arg type $type --arg path "$path"
		denied "$type by ${path#"$work/"}"
	done
done
# The file of a namespace that has gone, and a name that is still held open but was removed.
unshare -n sleep 60 &
gone=$!
await test "$(readlink /proc/self/ns/net)" != "$(readlink /proc/$gone/ns/net)"
config '.linux.namespaces |= map(if .type == "network" then .path = $path else . end)' --arg path "/proc/$gone/ns/net"
kill $gone
wait $gone 2>/dev/null
denied "network by the path of a process that has ended"
: >"$work/bound"
mount --bind /proc/self/ns/net "$work/bound"
restore_outside
config '.linux.namespaces |= map(if .type == "network" then .path = $path else . end)' --arg path "$work/bound"
resists "the control: network by a bound file"
umount "$work/bound"
restore_outside
denied "network by a file whose namespace was unbound"
exec 5<"$work/bound"
rm "$work/bound"
denied "network by a path that was removed"
config '.linux.namespaces |= map(if .type == "network" then .path = $path else . end)' --arg path "/proc/$$/fd/5"
denied "network by a descriptor of a file that was removed"
exec 5<&-
for type in pid ipc uts; do
	config '.linux.namespaces |= map(if .type == $type then .path = $path else . end)' --arg type $type --arg path "$work/link"
	denied "$type by a link to one of another type"
done
sh_config 'readlink /proc/self/ns/net' '.linux.namespaces |= map(if .type == "network" then .path = $path else . end)' --arg path "$work/link"
prints "the control: network by a link to one" "$(readlink /proc/self/ns/net)"
config '.linux.namespaces += [{type: "network"}]'
denied "a namespace twice"
config '.linux.namespaces += [{type: "nope"}]'
denied "a namespace of no type"
mount -t tmpfs tmpfs "$rootfs/mnt"
umount "$rootfs/mnt"
config 'no_namespace("mount")'
denied "mounts without a mount namespace"
config 'no_namespace("mount") | .mounts = []'
denied "masks without a mount namespace"
config 'no_namespace("mount") | .mounts = [] | .linux.maskedPaths = [] | .linux.readonlyPaths = [] | .root.readonly = true'
denied "a read-only root without a mount namespace"
config 'no_namespace("mount") | .mounts = [] | .linux.maskedPaths = [] | .linux.readonlyPaths = []'
resists "nothing to mount, and no mount namespace"
finish
