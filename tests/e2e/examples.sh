#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Each example runs as it stands and sees what it says; the table is as it was afterwards.
. "$(dirname "$0")/../lib/tap.sh"
ln -s "$MNTNS" "$work/mntns"
PATH=$work:$PATH
before=$(table)
for example in "$source_root"/examples/[0-9]*.sh; do
	ok "$(basename "$example" .sh)" timeout -s KILL 60 bash "$example"
done
like "the experiments 1-7, 12, 13 and 16 are there" "$count" '^10$'
is "the table is as it was" "$(table)" "$before"
finish
