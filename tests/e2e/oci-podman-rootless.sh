#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# podman, as an ordinary user with subordinate ids and without a cgroup of its own, with the OCI
# runtime under test.
. "$(dirname "$0")/../lib/engines.sh"
engines_mounts
engines_ids
image_context
home=$store/home
mkdir -p "$home/tmp" "$home/run" "$home/data"
podman_conf "$home"
# A copy that the user can reach, wherever this checkout is.
install -m 755 "$OCI_RUNTIME" "$store/$runtime_name"
printf 'u:x:12345:12345::%s:/bin/sh\n' "$home" >"$work/passwd"
cat /etc/passwd >>"$work/passwd"
mount --bind "$work/passwd" /etc/passwd
printf 'u:x:12345:\n' | cat - /etc/group >"$work/group"
mount --bind "$work/group" /etc/group
chown -R 12345:12345 "$home" "$work/context"
chmod 755 "$work" "$store"
pod() {
	setpriv --reuid 12345 --regid 12345 --clear-groups --inh-caps=-all env -i PATH="$PATH" HOME="$home" \
		XDG_RUNTIME_DIR="$home/run" TMPDIR="$home/tmp" CONTAINERS_STORAGE_CONF="$CONTAINERS_STORAGE_CONF" \
		CONTAINERS_CONF="$CONTAINERS_CONF" podman --runtime "$store/$runtime_name" "$@"
}
# Shared before podman's first command: its mount namespace, which it makes then, is told of mounts.
mkdir "$home/shared"
mount -t tmpfs -o mode=777 shared "$home/shared"
mount --make-shared "$home/shared"
mkdir "$home/shared/in"
ok "build" pod build -q --network none -t bb "$work/context"
[ $failed = 0 ] || finish
is "run" "$(pod run --rm --network none bb echo hello)" hello
pod run --rm --network none bb sh -c 'exit 7'
is "its status" $? 7
is "root inside is the user outside" "$(pod run --rm --network none bb sh -c 'id -u; tr -s " " </proc/self/uid_map' | xargs)" "0 0 12345 1 1 400000 65536"
is "another user" "$(pod run --rm --network none -u 1000:1000 bb id -u)" 1000
like "a terminal" "$(script -qec "$(declare -f pod); home='$home' PATH='$PATH' CONTAINERS_CONF='$CONTAINERS_CONF' CONTAINERS_STORAGE_CONF='$CONTAINERS_STORAGE_CONF' store='$store' runtime_name=$runtime_name; pod run --rm -it --network none bb sh -c 'tty; sleep 0.5'" /dev/null | tr -d '\0')" '/dev/pts/0'
is "a volume" "$(pod run --rm --network none -v "$home/data:/data" bb sh -c 'echo kept >/data/file; cat /data/file')" kept
is "is the user's" "$(stat -c %u "$home/data/file")" 12345
arrives() { # VOLUME-OPTION: a mount made outside, inside; one made inside, outside
	pod run -d --name volume --network none --cap-add sys_admin --security-opt seccomp=unconfined -v "$home/shared:/v$1" bb sleep 1000 >/dev/null
	mount -t tmpfs outside "$home/shared/in"
	pod exec volume grep -q ' /v/in ' /proc/self/mountinfo && printf in
	umount "$home/shared/in"
	pod exec volume mount -t tmpfs inside /v/in && printf ' mounted'
	grep -qF " $home/shared/in " /proc/self/mountinfo && printf ' out'
	pod rm -f -t 0 volume >/dev/null
}
is "a volume that says nothing is told of no mount" "$(arrives "")" " mounted"
is ":rslave is" "$(arrives :rslave)" "in mounted"
is ":rshared is, and tells nobody outside podman's namespace" "$(arrives :rshared)" "in mounted"
is "a named volume" "$(pod run --rm --network none -v vol:/v bb sh -c 'echo x >/v/f'; pod run --rm --network none -v vol:/v bb cat /v/f)" x
is "--read-only, --tmpfs" "$(pod run --rm --read-only --tmpfs /data --network none bb sh -c 'touch /x 2>/dev/null; echo $?; touch /data/x; echo $?' | xargs)" "1 0"
is "--cap-drop all" "$(pod run --rm --cap-drop all --network none bb grep CapEff /proc/self/status | cut -f2)" 0000000000000000
is "the usual filter" "$(pod run --rm --network none bb grep Seccomp: /proc/self/status | cut -f2)" 2
is "--userns=keep-id" "$(pod run --rm --userns keep-id --network none bb id -u)" 12345
ok "run -d" pod run -d --name long --network none bb sh -c 'trap "exit 3" TERM; echo up; while :; do sleep 0.1; done'
logs_say() { pod logs long | grep -q "$1"; }
eventually "logs" logs_say up
is "exec" "$(pod exec long echo inside)" inside
pod exec long sh -c 'exit 9'
is "its status" $? 9
like "top" "$(pod top long pid comm)" 'sh'
echo copied >"$home/data/copy"
ok "cp into it" pod cp "$home/data/copy" long:/tmp/copy
is "it is there" "$(pod exec long cat /tmp/copy)" copied
ok "stop" pod stop -t 10 long
is "its status is the program's" "$(pod inspect --format '{{.State.ExitCode}}' long)" 3
ok "start again" pod start long
is "it runs" "$(pod inspect --format '{{.State.Status}}' long)" running
ok "kill" pod kill long
ok "rm -f" pod rm -f long
ok "a pod" pod pod create --name p --network none --infra-image localhost/bb --infra-command 'sleep 1000'
ok "with a container" pod run -d --pod p --name a bb sleep 1000
ok "and another" pod run -d --pod p --name b bb sleep 1000
is "share the network namespace" "$(pod exec a readlink /proc/self/ns/net)" "$(pod exec b readlink /proc/self/ns/net)"
ok "its end" pod pod rm -f -t 0 p
is "no container is left" "$(pod ps -aq)" ""
is "no state is left" "$(find "$home/run" -name state.json)" ""
finish
