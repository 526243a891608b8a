#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# D6: mount bombs and input without end: an answer comes in little time and memory.
#
# A runtime that recurses on the depth of its input crashes, one that copies it all is killed.
. "$(dirname "$0")/lib.sh"
PATIENCE=${PATIENCE:-30}
config '.mounts += [range(2000) | plain("tmpfs"; "/mnt/d\(.)"; [])]'
resists "2,000 mounts"
config '.mounts += [range(10000) | plain("tmpfs"; "/mnt/d\(.)"; [])]'
resists "10,000 mounts"
config '.mounts += [range(200) | plain("tmpfs"; "/mnt"; [])]'
resists "200 mounts on each other"
config '.process.env += [range(20000) | "V\(.)=x"]'
resists "20,000 variables"
config '.process.args = ["/bin/true"] + [range(100000) | "argument"]'
resists "100,000 arguments"
config '.process.args = ["/bin/true", "x" * 5000000]'
resists "an argument of 5 MB"
config '.linux.maskedPaths += [range(20000) | "/none/\(.)"]'
resists "20,000 masks"
config '.annotations = ([range(20000) | {key: "k\(.)", value: "v"}] | from_entries)'
resists "20,000 annotations"
case $OCI_RUNTIME in */runc | */crun) finish ;; esac # theirs is another policy
little=524288
[ -z "${SANITIZED:-}" ] || little=unlimited
ulimit -v $little
PATIENCE=5
open_brackets() { head -c "$1" /dev/zero | tr '\0' '['; }
open_brackets 100000 >"$bundle/config.json"
denied "100,000 open brackets"
{ printf '{"ociVersion":"1.0.2","annotations":'; for _ in $(seq 50000); do printf '{"a":'; done; } >"$bundle/config.json"
denied "50,000 open braces"
{ printf '{"ociVersion":"1.0.2","hostname":"'; head -c 100000000 /dev/zero | tr '\0' x; printf '"}'; } >"$bundle/config.json"
denied "a string of 100 MB"
# The hole in it is a string of NULs: the limit of the file's size is what answers.
{ printf '{"ociVersion":"1.0.2","hostname":"'; } >"$bundle/config.json"
truncate -s 1G "$bundle/config.json"
printf '"}' >>"$bundle/config.json"
denied "a string of 1 GB"
truncate -s 1T "$bundle/config.json"
denied "a file of 1 TiB"
rm "$bundle/config.json"
for kind in fifo zero dir link-out none empty; do
	rm -rf "$bundle/config.json"
	case $kind in
	fifo) mkfifo "$bundle/config.json" ;;
	zero) ln -s /dev/zero "$bundle/config.json" ;;
	dir) mkdir "$bundle/config.json" ;;
	link-out) ln -s "$outside/file" "$bundle/config.json" ;;
	empty) : >"$bundle/config.json" ;;
	none) ;;
	esac
	denied "config.json: $kind"
done
finish
