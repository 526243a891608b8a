#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# E4: messages of the runtime to itself whose lengths, kinds and descriptors are wrong.
#
# A length that wraps makes one message of many (CVE-2021-43784). A container that waits listens for its
# start: it must take nothing for that but the word, and keep no descriptor. tests/unit/sync.c has the
# messages of a birth.
. "$(dirname "$0")/lib.sh"
case $OCI_RUNTIME in */mntns-oci) ;; *) finish ;; esac # its own socket
sh_config 'ls /proc/self/fd | wc -l'
status=0
rt create --bundle "$bundle" "$id" </dev/null >"$work/began" 2>&1 || status=$?
is "a container waits" "$status" 0
pid=$(rt state "$id" | jq .pid)
held() { find "/proc/$pid/fd" -mindepth 1 | wc -l; }
held_before=$(held)
is "8,000 messages that are none are all refused" \
	"$(python3 "$source_root/tests/tools/start-noise.py" "$states/$id/start" 8000)" 8000
is "it waits still" "$(rt state "$id" | jq -r .status)" created
is "and has no more descriptors" "$(held)" "$held_before"
# One who is silent delays the others, and no more.
python3 -c 'import socket, sys, time
with socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET) as to:
    to.connect(sys.argv[1]); time.sleep(60)' "$states/$id/start" &
silent=$!
sleep 0.5
ok "and starts, though one connected and is silent" timeout 20 "$OCI_RUNTIME" --root "$states" start "$id"
kill $silent
stopped() { rt state "$id" | grep -q '"status": *"stopped"'; }
await stopped
is "its program has 0, 1, 2 and the one to look" "$(cat "$work/began")" 4
end
finish
