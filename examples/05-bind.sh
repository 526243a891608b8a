#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A bind in a namespace: source/ shows at target/, in that namespace only.
. "$(dirname "$0")/lib.sh"
mkdir tree
mount -t tmpfs tree tree
mount --make-shared tree
mkdir tree/{source,target}
touch tree/source/a
mntns run --bind "$work/tree/source:$work/tree/target:slave" / sh -c "
	ls '$work/tree/target'
	for table in mounts mountinfo mountstats; do grep '$work/tree/target ' /proc/self/\$table; done" >answer
see "inside, target lists a" [ "$(sed -n 1p answer)" = a ]
see "mounts, mountinfo and mountstats have a line each" [ "$(sed 1d answer | wc -l)" = 3 ]
see "mountinfo: its root is /source, and it is a slave" \
	grep -qE " /source $work/tree/target .* master:[0-9]+ " answer
see "outside, target is empty" [ -z "$(ls tree/target)" ]
see "outside, no table has a line" [ "$(cat /proc/self/{mounts,mountinfo,mountstats} | grep -c "$work/tree/target")" = 0 ]
