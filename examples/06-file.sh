#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A bind of a single file: its content is inside, the file below it is empty outside.
. "$(dirname "$0")/lib.sh"
: >hosts
inside=$(mntns run --bind "/etc/hosts:$work/hosts" / cat "$work/hosts")
see "inside, the file has the content of /etc/hosts" [ "$inside" = "$(cat /etc/hosts)" ]
see "outside, its size is 0" [ ! -s hosts ]
