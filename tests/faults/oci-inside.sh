#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The same as oci.sh for a container with hooks inside, so that the host's tree stays until its root is filled.
export FAULT_OPS=${FAULT_OPS:-run start}
export FAULT_CONFIG='.hooks = {createContainer: [{path: "/bin/sh", args: ["sh", "-c", "echo hook; cat >/dev/null"]}],
	startContainer: [{path: "/bin/sh", args: ["sh", "-c", "echo started"]}]}
	| .linux.personality = {domain: "LINUX32"} | .process.scheduler = {policy: "SCHED_BATCH", nice: 3}'
exec "${BASH:-/bin/bash}" "$(dirname "$0")/oci.sh"
