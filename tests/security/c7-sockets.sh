#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# C7: abstract sockets are open to every container in the same network namespace (CVE-2020-15257).
#
# They are looked for at each step of a container's life in the caller's network. The control is one
# that is made meanwhile: the watch sees it.
. "$(dirname "$0")/lib.sh"
sockets() { awk '$8 ~ /^@/ { print $8 }' /proc/net/unix | sort -u; }
sockets_before=$(sockets)
watch() { while :; do sockets; done; }
watch >"$work/seen" &
watcher=$!
sh_config 'sleep 60' 'no_namespace("network") | del(.linux.sysctl)'
new() { sort -u "$work/seen" | comm -13 <(echo "$sockets_before") - | grep -iE "mntns|oci|runc|crun|$id|control"; }
config '.process.args = ["/bin/sleep", "60"] | no_namespace("network")'
for _ in $(seq 20); do
	begin
	jq '.process | .args = ["/bin/true"]' "$bundle/config.json" >"$work/process"
	rt exec --process "$work/process" "$id" </dev/null >/dev/null 2>&1
	end
done
is "20 lives make no abstract socket" "$(new)" ""
perl -MSocket -e 'socket(my $s, AF_UNIX, SOCK_STREAM, 0) or die; bind($s, pack("Sa*", AF_UNIX, "\0control")) or die; sleep 1' 2>"$work/perl"
is "the control: one that is made is seen" "$(new)" "@control"
kill $watcher
config 'no_namespace("network")'
prints "the host's network, as asked" ""
finish
