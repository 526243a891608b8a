#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A bind of a single file: its content is inside, the file below it is empty outside.
. "$(dirname "$0")/lib.sh"
: >passwd
inside=$(mntns run --bind "/etc/passwd:$work/passwd" / cat "$work/passwd")
see "inside, the file has the content of /etc/passwd" [ "$inside" = "$(cat /etc/passwd)" ]
see "outside, its size is 0" [ ! -s passwd ]
