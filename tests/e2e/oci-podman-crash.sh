#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# podman when something dies by SIGKILL: conmon under a container, podman or the runtime in the middle.
. "$(dirname "$0")/../lib/engines.sh"
podman_ready
states=/run/$runtime_name
ended() { ! grep -q '^State:.[^ZX]' "/proc/$1/status" 2>/dev/null; }
left() { ls "$states" 2>/dev/null | grep -E '^[0-9a-f]{64}$'; }
cgroups() { find /sys/fs/cgroup -mindepth 2 -type d -path "*$cgroup/libpod-*" -printf '%f\n' 2>/dev/null | sort -u; }
# clean SENTENCE: nothing of a container is left, once the runtime was asked for what podman has forgotten
clean() {
	for id in $(left); do
		like "$1: the runtime knows it as stopped" "$("$OCI_RUNTIME" --root "$states" list | grep "^$id")" ' stopped '
		"$OCI_RUNTIME" --root "$states" delete "$id" || "$OCI_RUNTIME" --root "$states" delete --force "$id"
	done
	is "$1: no container, state or cgroup is left" "$(engine ps -aq)$(left)$(cgroups)" ""
	unlike "$1: nor a process" "$(ps -eo args)" '^sleep 1000'
}

# --- conmon dies, the container lives on ---
# orphan: a container without conmon, its first process in $pid
orphan() {
	engine run -d --name orphan --network none bb sleep 1000 >/dev/null
	pid=$(tell .State.Pid orphan)
	kill -9 "$(tell .State.ConmonPid orphan)"
}
orphan
is "without conmon it runs on" "$(engine exec orphan echo here)" here
ok "pause" engine pause orphan
ok "unpause" engine unpause orphan
ok "stop" engine stop -t 1 orphan
ok "ends its process" ended "$pid"
ok "rm" engine rm -f -t 0 orphan
clean "stop"
orphan
ok "kill" engine kill orphan
eventually "ends its process" ended "$pid"
ok "rm after it" engine rm -f -t 0 orphan
clean "kill"
orphan
ok "rm -f of what runs" engine rm -f -t 0 orphan
ok "ends its process" ended "$pid"
clean "rm -f"
# podman does not have the container deleted before it is to be started again: no runtime may do that.
orphan
refused "restart" 125 'cannot start a container' engine restart -t 1 orphan
ok "ends its process" ended "$pid"
ok "rm after that" engine rm -f -t 0 orphan
clean "restart"
is "the name works again" "$(engine run --rm --name orphan --network none bb echo again)" again

# --- the runtime dies in the middle ---
# The operation of which it is, and how long it lives, are told to the wrapper by files.
cat >"$work/mortal" <<END
#!/bin/sh
for word; do case \$word in create | start | kill | delete | exec) break ;; esac; done
[ "\$word" = "\$(cat $work/victim)" ] || exec $OCI_RUNTIME "\$@"
timeout -s KILL "\$(cat $work/lives)" $OCI_RUNTIME "\$@"
status=\$?
[ \$status != 137 ] || echo "\$word" >>$work/deaths
exit \$status
END
chmod +x "$work/mortal"
mortal() { timeout 60 podman --runtime "$work/mortal" "$@"; }
mortal_run() { mortal run --name mortal --cgroup-parent "$cgroup" --network none "$@"; }
# forget: all that the kill left is removed; prints what could not be
forget() {
	mortal rm -f -t 0 mortal >/dev/null || echo "rm fails"
	# podman asks for a deletion once, and then has forgotten the container.
	for id in $(left); do "$OCI_RUNTIME" --root "$states" delete --force "$id" || echo "delete --force fails"; done
	[ -z "$(engine ps -aq)$(left)$(cgroups)" ] || echo "left: $(engine ps -aq) $(left) $(cgroups)"
	[ "$(mortal_run --rm bb echo again)" = again ] || echo "the name does not work again"
}
for victim in create start kill delete exec; do
	: >"$work/deaths"
	wrong=
	for lives in 0.0005 0.001 0.002 0.003 0.004 0.006 0.01; do
		echo "$lives" >"$work/lives"
		echo "$victim" >"$work/victim"
		mortal_run -d bb sleep 1000 >/dev/null 2>&1
		[ $? != 124 ] || wrong+="$lives: run hangs; "
		[ $victim != exec ] || mortal exec mortal true >/dev/null 2>&1
		[ $? != 124 ] || wrong+="$lives: exec hangs; "
		mortal rm -f -t 0 mortal >/dev/null 2>&1
		[ $? != 124 ] || wrong+="$lives: rm hangs; "
		echo none >"$work/victim"
		wrong+=$(forget 2>&1 | sed "s/^/$lives: /")
	done
	is "the runtime is killed during $victim: all can be removed, the name works again" "$wrong" ""
	ok "it was killed" test -s "$work/deaths"
done

# --- podman dies in the middle ---
# With any runtime, and before it calls one: podman notes that it mounted a container's /dev/shm after it
# did, and cannot remove the container, the first time, if it died between. A layer that it began is
# removed by the next podman, which says so.
unmount_shm() { grep -o '[^ ]*/userdata/shm' /proc/self/mountinfo | xargs -r umount -q; }
without_layers() { grep -v 'level=warning msg="Found incomplete layer .*, deleting it"'; }
wrong=
for lives in 0.05 0.08 0.1 0.12 0.15 0.2 0.3; do
	{
		timeout -s KILL $lives podman --runtime "$OCI_RUNTIME" run -d --name mortal --cgroup-parent "$cgroup" --network none bb sleep 1000
		timeout -s KILL $lives podman --runtime "$OCI_RUNTIME" rm -f -t 0 mortal
	} >/dev/null 2>&1
	unmount_shm
	wrong+=$(forget 2>&1 | without_layers | sed "s/^/$lives: /")
done
is "podman is killed: all can be removed, the name works again" "$wrong" ""
clean "the end"
finish
