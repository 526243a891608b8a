#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# D2, D3: mounts are uncovered or remounted by a user namespace of one's own; the root is left by "..".
#
# Mounts that were copied into a namespace of another user are locked (CVE-2014-5206): what is checked
# is that they came as one, so that no mask can be taken away. The control is a mask removed by one who
# may: the file is seen. A program with CAP_SYS_ADMIN over its own mounts may; masks are no boundary to it.
. "$(dirname "$0")/lib.sh"
mkdir "$work/volume"
echo hidden-by-mask >"$rootfs/etc/secret"
userns='.linux.namespaces += [{type: "user"}] | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
	| .linux.gidMappings = .linux.uidMappings | del(.linux.resources)'
nested='unshare -U -r -m sh -c "umount /etc/secret; umount /mnt; mount -o remount,rw,bind /mnt; mount -o remount,rw,bind /proc/sys; umount /proc/sys; cat /etc/secret; touch /mnt/new; (: >>/proc/sys/kernel/core_pattern) && echo core_pattern" 2>/dev/null; echo done'
mask='.linux.maskedPaths += ["/etc/secret"] | add_mount(bind($volume; "/mnt"; ["ro"]))'
sh_config "$nested" "$mask" --arg volume "$work/volume"
launch
unlike "nested, nothing is uncovered" "$output" 'hidden|core_pattern'
like "nested, it ran" "$output" done
is "nor writable" "$(ls "$work/volume")" ""
all='["CAP_SYS_ADMIN", "CAP_DAC_OVERRIDE"] | {bounding: ., effective: ., permitted: .}'
chmod 755 "$work" "$bundle"
sh_config "${nested/unshare -U -r -m sh/sh}" "$mask | $userns | .process.capabilities = ($all)" --arg volume "$work/volume"
launch
unlike "with CAP_SYS_ADMIN in a user namespace nothing of the host is writable" "$output" core_pattern
is "nor is the volume writable" "$(ls "$work/volume")" ""
sh_config 'umount /etc/secret; cat /etc/secret' "$mask | .process.capabilities = ($all)" --arg volume "$work/volume"
launch
like "the control: with CAP_SYS_ADMIN of the host it is" "$output" hidden
# ..
sh_config 'stat -L -c %d:%i / /.. /../.. /proc/self/root /proc/self/cwd/.. /proc/1/root/.. | sort -u | wc -l'
prints "the root's parent is the root" 1
mounts() { sh_config 'cut -d " " -f 5 /proc/self/mountinfo | sort | tr "\n" " "'; launch; echo "$output"; }
unlike "no mount of the host is seen" "$(mounts)" 'mntns-test|/tmp|/home|/work|/boot'
like "but one's own" "$(mounts)" '^/ /dev '
sh_config 'mkdir /tmp/j; chroot /tmp/j /bin/true 2>/dev/null; cd /tmp; ls -d /../../..'"$outside"' 2>/dev/null; cat /../../..'"$outside"'/file 2>/dev/null; :' \
	'.process.capabilities = (["CAP_SYS_CHROOT"] | {bounding: ., effective: ., permitted: .})'
prints "nor by chroot" ""
finish
