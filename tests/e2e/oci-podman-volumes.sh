#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# podman's volumes with every propagation: what mountinfo says inside, and which mounts pass.
. "$(dirname "$0")/../lib/engines.sh"
podman_ready
# A shared mount with a shared mount below it.
mkdir "$work/shared"
mount -t tmpfs shared "$work/shared"
mount --make-shared "$work/shared"
mkdir "$work/shared/"{in,sub}
mount -t tmpfs sub "$work/shared/sub"
mount --make-shared "$work/shared/sub"
mkdir "$work/shared/sub/in"
# The pin of the template may come.
made() { grep -v ' /run/mntns/' /proc/self/mountinfo; }
before=$(made)

# volume VOLUME-OPTION…: a container with it that may mount
volume() {
	engine run -d --name volume --network none --cap-add sys_admin --security-opt seccomp=unconfined "$@" bb sleep 1000 >/dev/null
}
# tags PATH: what kind of mount it is inside, without the numbers of groups
tags() {
	engine exec volume awk -v at="$1" '$5 == at { for (i = 7; $i != "-"; i++) print $i }' /proc/self/mountinfo | sed 's/:.*//' | xargs
}
outside() { grep -qF " $work/shared/$1 " /proc/self/mountinfo; }
inside() { engine exec volume grep -qF " /v/$1 " /proc/self/mountinfo; }
# passes PATH: whether a mount made outside arrives inside, and the other way
passes() {
	mount -t tmpfs outside "$work/shared/$1"
	inside "$1" && printf in
	umount "$work/shared/$1"
	engine exec volume mount -t tmpfs inside "/v/$1"
	outside "$1" && printf out
	engine exec volume umount "/v/$1"
}
# Of the volume, of the mount below it: a word without r is about the volume alone.
while read -r mode top below flow flow_below; do
	for option in "-v $work/shared:/v:$mode" "--mount type=bind,src=$work/shared,dst=/v,bind-propagation=$mode"; do
		volume $option
		is "${option%% *} $mode" "$(tags /v), $(tags /v/sub)" "${top//-/}, ${below//-/}"
		is "${option%% *} $mode: what passes" "$(passes in) $(passes sub/in)" "${flow//-/} ${flow_below//-/}"
		engine rm -f -t 0 volume >/dev/null
	done
done <<END
shared shared shared inout inout
rshared shared shared inout inout
slave master master in in
rslave master master in in
private - master - in
rprivate - - - -
unbindable unbindable master - in
runbindable unbindable unbindable - -
END
volume -v "$work/shared:/v"
is "a volume that says nothing" "$(tags /v), $(tags /v/sub)" ", "
is "passes nothing" "$(passes in) $(passes sub/in)" " "
engine rm -f -t 0 volume >/dev/null
volume -v "$work/shared:/v:ro,rslave"
refused "ro, rslave" 1 'Read-only file system' engine exec volume touch /v/x
is "is told of mounts nevertheless" "$(passes in)" in
engine rm -f -t 0 volume >/dev/null
volume -v "$work/shared:/v:rshared" -v "$work/shared:/w:private" -v "$work/shared:/x"
is "each volume of a container has its own" "$(tags /v), $(tags /w), $(tags /x), $(tags /)" "shared, , , shared"
engine rm -f -t 0 volume >/dev/null

mkdir -p "$work/plain/in"
volume -v "$work/plain:/v:rshared"
is "rshared, from a mount that is not shared: the group is the container's own" "$(tags /v)" shared
engine exec volume mount -t tmpfs inside /v/in
ok "nothing arrives outside" eval '! grep -qF " $work/plain/in " /proc/self/mountinfo'
engine rm -f -t 0 volume >/dev/null
is "the table is as it was" "$(made)" "$before"

# --- volumes of podman's own ---
engine volume create data >/dev/null
engine run --rm --network none -v data:/v bb sh -c 'echo kept >/v/file'
is "a named volume keeps what is in it" "$(engine run --rm --network none -v data:/v:ro bb cat /v/file)" kept
is "an overlay of a directory" "$(echo lower >"$work/plain/file"; engine run --rm --network none -v "$work/plain:/v:O" bb sh -c 'cat /v/file; echo upper >/v/file; cat /v/file' | xargs; cat "$work/plain/file")" \
	$'lower upper\nlower'
is "the volumes of another container" "$(engine run -d --name from --network none -v data:/v bb sleep 1000 >/dev/null; engine run --rm --network none --volumes-from from bb cat /v/file)" kept
is "the mounts of another are not moved by it" "$(engine exec from cat /v/file)" kept
engine rm -f -t 0 from >/dev/null
is "nosuid, nodev, noexec" "$(engine run --rm --network none -v "$work/plain:/v:nosuid,nodev,noexec" bb grep -o ' /v [^ ]*' /proc/self/mountinfo)" \
	" /v rw,nosuid,nodev,noexec,relatime"
is "no container is left" "$(engine ps -aq)" ""
finish
