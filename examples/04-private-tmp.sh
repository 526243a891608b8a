#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# A private /tmp: the host's files are not in it, and its files are gone with the program.
. "$(dirname "$0")/lib.sh"
hosts=$(mktemp /tmp/mntns-example.XXXXXX)
inside=$(mntns run --private-tmp / sh -c "ls -A /tmp; echo secret >/tmp/mine.$$; cat /tmp/mine.$$")
rm "$hosts"
see "inside, /tmp was empty and could be written" [ "$inside" = secret ]
see "outside, nothing of it is there" [ ! -e "/tmp/mine.$$" ]
