#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A bind of a single file: its content is inside, the file below it is empty outside.
. "$(dirname "$0")/lib.sh"
file=/etc/hosts
[ -s $file ] || file=/etc/passwd # a minimal system has no hosts
: >target
inside=$(mntns run --bind "$file:$work/target" / cat "$work/target")
see "inside, the file has the content of $file" [ "$inside" = "$(cat $file)" ]
see "outside, its size is 0" [ ! -s target ]
