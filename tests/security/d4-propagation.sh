#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# D4: mounts propagate to the host or from it against what was asked.
#
# Each propagation, for bind and rbind, with the host's tree shared: a tmpfs the container mounts must
# arrive at the host only in a volume that is shared, and nothing else may (CVE-2024-9407). Neither below
# a mount in the volume, which a word that is not recursive does not speak of.
. "$(dirname "$0")/lib.sh"
mount --bind "$work" "$work"
mount --make-rshared "$work"
mkdir -p "$work/volume/in" "$work/volume/out" "$work/volume/sub"
mount -t tmpfs sub "$work/volume/sub"
mkdir "$work/volume/sub/in"
restore_outside
admin='.process.capabilities = (["CAP_SYS_ADMIN"] | {bounding: ., effective: ., permitted: .})'
for word in private rprivate slave rslave shared rshared unbindable runbindable; do
	for bind in bind rbind; do
		sh_config 'mount -t tmpfs from-inside /mnt/in; ! mountpoint -q /mnt/sub || mount -t tmpfs from-inside /mnt/sub/in; mount -t tmpfs from-inside /tmp; : >/mnt/out/ready; sleep 0.05' \
			"$admin"' | add_mount({type: "bind", source: $volume, destination: "/mnt", options: [$bind, $word]})' \
			--arg volume "$work/volume" --arg bind $bind --arg word $word
		timeout -s KILL 10 "$OCI_RUNTIME" --root "$states" run --bundle "$bundle" "$id" </dev/null >"$work/out" 2>&1 &
		runtime=$!
		inside=0
		while kill -0 $runtime 2>/dev/null; do
			grep -q from-inside /proc/self/mountinfo && inside=1
		done
		wait $runtime
		status=$?
		[ $status = 0 ] || fail "$word,$bind runs" "$(cat "$work/out")"
		case $word in
		shared | rshared) is "$word,$bind: what the container mounts arrives" "$inside" 1 ;;
		*) is "$word,$bind: what the container mounts stays there" "$inside" 0 ;;
		esac
		awk '/from-inside/ { print $5 }' /proc/self/mountinfo | while read -r at; do umount "$at"; done
		is "$word,$bind: the host's table is as it was" "$(table)" "$table_before"
	done
done
for bad in Shared "rshared " shared,private rro rshare sharedx -shared "" $'shared\n' SHARED; do
	config 'add_mount({type: "bind", source: $volume, destination: "/mnt", options: ["rbind", $bad]})' --arg volume "$work/volume" --arg bad "$bad"
	resists "a propagation that is none: '$bad'"
	config '.linux.rootfsPropagation = $bad' --arg bad "$bad"
	resists "as rootfsPropagation: '$bad'"
done
for word in private rprivate slave rslave shared rshared unbindable; do
	sh_config 'mount -t tmpfs from-inside /tmp; sleep 0.03; :' "$admin"' | .linux.rootfsPropagation = $word' --arg word $word
	resists "rootfsPropagation $word"
done
finish
