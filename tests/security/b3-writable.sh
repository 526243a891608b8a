#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# B3: what is writable in /proc, /sys and of the cgroups, for a root that has every capability but the
# ones to mount.
#
# Each line is a file whose write reaches the host. The control is a container without read-only and
# masked paths, where the writes get through to the kernel.
. "$(dirname "$0")/lib.sh"
cgroup='add_mount({type: "cgroup", source: "cgroup", destination: "/sys/fs/cgroup", options: ["nosuid", "noexec", "nodev", "relatime", "ro"]})'
wide='.process.capabilities = (["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_NET_ADMIN", "CAP_SYS_PTRACE", "CAP_MKNOD"]
	| {bounding: ., effective: ., permitted: .})'
# Opened for writing only: nothing is written, in case it is possible.
# shellcheck disable=SC2016
open_all='for f in /proc/sys/kernel/core_pattern /proc/sys/kernel/hostname /proc/sys/vm/drop_caches /proc/sysrq-trigger \
	/proc/irq/default_smp_affinity /proc/kcore /proc/keys /proc/timer_list /proc/fs/nfsd /proc/bus/pci /proc/acpi \
	/sys/kernel/uevent_helper /sys/kernel/mm/ksm/run /sys/power/state /sys/firmware/x /sys/fs/cgroup/memory/cgroup.procs \
	/sys/fs/cgroup/memory/release_agent /sys/fs/cgroup/cgroup.procs; do
	[ -f "$f" ] && [ ! -c "$f" ] && (: >>"$f") 2>/dev/null && echo "open for writing: $f"
done
mkdir /sys/fs/cgroup/x /sys/fs/cgroup/memory/x /sys/fs/cgroup/pids/x 2>/dev/null && echo "a cgroup was made"
mknod /dev/x b 253 0 2>/dev/null && (: <>/dev/x) 2>/dev/null && echo "a disk was opened"
head -c 1 /proc/kcore 2>/dev/null; head -c 1 /proc/keys; echo done'
for readonly in false true; do
	sh_config "$open_all" "$wide | $cgroup | .root.readonly = $readonly"
	prints "nothing of the host is open for writing (root read-only: $readonly)" done
done
sh_config "$open_all" "$wide | .linux.readonlyPaths = [] | .linux.maskedPaths = []"
launch
like "the control: without read-only paths core_pattern is" "$output" core_pattern
sh_config 'touch /new /etc/new /tmp/new /mnt/new 2>&1 | grep -vc "Read-only file system"' '.root.readonly = true'
launch
is "a read-only root is one" "$output" 0
mkdir "$work/volume"
sh_config 'touch /mnt/new 2>&1 | grep -vc "Read-only file system"; umount /mnt 2>/dev/null; mount -o remount,rw /mnt 2>/dev/null; touch /mnt/again 2>/dev/null' \
	'add_mount(bind($volume; "/mnt"; ["ro"]))' --arg volume "$work/volume"
launch
is "a read-only volume is one" "$output$(ls "$work/volume")" 0
finish
