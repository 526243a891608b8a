#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# podman, as root, with the OCI runtime under test: the life of a container.
. "$(dirname "$0")/../lib/engines.sh"
engines_mounts
podman_conf "$store"
image_context

ok "podman build through buildah" engine build -q --network none -t bb "$work/context"

is "run prints what the program prints" "$(engine run --rm --network none bb echo hello)" hello
engine run --rm --network none bb sh -c 'exit 7'
is "run ends with the program's status" $? 7
engine run --rm --network none bb /bin/none 2>"$work/err"
is "a program that is not there: 127" $? 127
like "podman says why" "$(cat "$work/err")" 'no such file|not found'
engine run --rm --network none bb /etc/passwd 2>"$work/err"
is "a file that cannot be executed: 126" $? 126
finish
