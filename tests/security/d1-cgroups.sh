#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# D1: cgroups: a path that leaves its parent, and control files that are writable inside.
#
# release_agent runs a program on the host (CVE-2022-0492): the container must neither mount a
# hierarchy nor make a cgroup in the one it sees.
. "$(dirname "$0")/lib.sh"
all() { find /sys/fs/cgroup -maxdepth 4 -type d ! -path '*mntns-oci*' ! -path "*$id*" | sort; }
made() { find /sys/fs/cgroup -depth -type d -name "$mark*"; }
mark=pwn$$
for path in "/../../$mark" "a/../../$mark" "../$mark" "/../$mark" "$mark/.." "$mark/../../$mark" "/sys/fs/cgroup/../$mark" \
	"$mark/./x" "$mark//x" $'pwn\n'$$ "$(printf 'x%.0s' $(seq 5000))"; do
	config '.linux.cgroupsPath = $path' --arg path "$path"
	resists "cgroupsPath ${path:0:40}"
	made | while read -r dir; do rmdir "$dir"; done
done
is "no directory was made elsewhere" "$(ls -d "/sys/fs/$mark" "/sys/$mark" "/$mark" 2>/dev/null)" ""
cgroup='add_mount({type: "cgroup", source: "cgroup", destination: "/sys/fs/cgroup", options: ["nosuid", "noexec", "nodev", "relatime", "ro"]})'
wide='.process.capabilities = (["CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FOWNER", "CAP_SYS_PTRACE"] | {bounding: ., effective: ., permitted: .})'
# shellcheck disable=SC2016
sh_config 'mkdir /mnt/c; mount -t cgroup -o memory x /mnt/c 2>/dev/null && echo mounted; mount -t cgroup2 x /mnt/c 2>/dev/null && echo mounted
unshare -C -m true 2>/dev/null && echo unshared
find /sys/fs/cgroup/*/ -type d 2>/dev/null | while read -r d; do mkdir "$d/pwn" 2>/dev/null && echo "made $d"; done
find /sys/fs/cgroup -name release_agent 2>/dev/null | while read -r f; do (: >>$f) 2>/dev/null && echo "$f"; done
for f in /sys/fs/cgroup/*/cgroup.procs; do (echo 0 >$f) 2>/dev/null && echo "$f"; done; echo done' "$wide | $cgroup"
prints "nothing of a cgroup can be had, made or written" done
sh_config 'cut -d : -f 3 /proc/self/cgroup | sort -u' .
prints "its own namespace is all it sees" /
finish
