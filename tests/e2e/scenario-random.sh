#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mntns scenario --random: the model of the kernel and the kernel say the same.
. "$(dirname "$0")/../lib/tap.sh"
before=$(table)

# agrees SENTENCE OPTIONS…: no difference; the seed is shown
agrees() {
	local sentence=$1 output
	shift
	if output=$("$MNTNS" scenario --random "$@" 2>&1); then
		pass "$sentence: $(head -n 1 <<<"$output")"
	else
		fail "$sentence" "$output"
	fi
}
# Forks are slow under a sanitizer.
less=${SANITIZED:+5}
ops() { echo $(($1 / ${less:-1})); }
agrees "a fixed seed, one process" --seed 1 --ops "$(ops 1000)" --namespaces 1
agrees "a fixed seed, user namespaces" --seed 2 --ops "$(ops 2000)" --namespaces 4 --userns
agrees "a round with more mounts than can be read ends" --seed 30000173 --ops 400 --namespaces 2 --userns
agrees "a fresh seed" --ops "$(ops 10000)" --namespaces 3
agrees "a fresh seed, user namespaces" --ops "$(ops 10000)" --namespaces 4 --userns
is "the caller's table is what it was" "$(table)" "$before"
like "the same seed makes the same calls" "$("$MNTNS" scenario --random --seed 7 --ops 100 --namespaces 1)" '^100 calls compared in 1 rounds'
refused "it wants to be told what to do" 2 'expected files, or --random' "$MNTNS" scenario
refused "no more processes than there can be" 2 'from 1 to 8' "$MNTNS" scenario --random --namespaces 9
refused "without privilege it says so" 1 'Operation not permitted' as_user "$MNTNS" scenario --random --ops 10
finish
