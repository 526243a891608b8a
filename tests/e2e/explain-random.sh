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
clean() { # what is mounted on it goes along
	while mountpoint -q "$work/t" && umount -l "$work/t"; do :; done
}
fresh() {
	clean
	mount -t tmpfs top "$work/t"
	chmod 777 "$work/t"
	mount --make-shared "$work/t"
}
mkdir "$work/t"
for seed in 1 $RANDOM; do
	fresh
	new_ns --propagation unchanged
	new_ns --propagation slave
	agrees "in one's own namespace" $seed 60
done
# Locks are in no table, and what is said of them is a guess: these seeds are known.
for seed in 1 9524 23670; do
	fresh
	mkdir -p "$work/t"/{a,b,c}
	mount -t tmpfs -o nosuid locked "$work/t/a"
	new_ns -Ur --propagation unchanged
	agrees "where mounts are locked" $seed 60 "$pid"
done
clean
finish
