#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mntns explain OP: for random operations it says what the kernel then does.
. "$(dirname "$0")/../lib/tap.sh"

new_ns() { # UNSHARE-OPTION…
	unshare -m "$@" sleep 3600 &
	pid=$!
	until [ "$(cat /proc/$pid/comm)" = sleep ]; do sleep 0.01; done
}
# agrees SENTENCE SEED COUNT [PID]
agrees() {
	local sentence=$1 output
	shift
	if output=$("$source_root"/tests/tools/explain-random "$MNTNS" "$work/t" "$@" 2>&1); then
		pass "$sentence, seed $1: $output"
	else
		fail "$sentence, seed $1" "$output"
	fi
}
mkdir "$work/t"
chmod 755 "$work"
mount -t tmpfs top "$work/t"
chmod 777 "$work/t"
mount --make-shared "$work/t"
new_ns --propagation unchanged
new_ns --propagation slave
agrees "in one's own namespace" 1 60
agrees "with another seed" $RANDOM 60
clean() {
	while mountpoint -q "$work/t"; do umount -R -l "$work/t"; done
}
clean
mount -t tmpfs top "$work/t"
mkdir -p "$work/t"/{a,b,c}
mount -t tmpfs -o nosuid locked "$work/t/a"
mount --make-shared "$work/t"
new_ns -Ur --propagation unchanged
agrees "where mounts are locked" 1 60 "$pid"
agrees "with another seed" $RANDOM 60 "$pid"
clean
finish
