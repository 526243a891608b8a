#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# podman, as root, with the OCI runtime under test: the life of containers and pods. No systemd
# runs the timers of health checks here: they are run by hand.
. "$(dirname "$0")/../lib/engines.sh"
engines_mounts
podman_conf "$store"
image_context

# --- build ---
# A wrapper tells that it was this runtime which carried out the RUN lines.
mkdir "$work/bin"
printf '#!/bin/sh\necho "$*" >>%s/calls\nexec %s "$@"\n' "$work" "$OCI_RUNTIME" >"$work/bin/$runtime_name"
chmod +x "$work/bin/$runtime_name"
ok "podman build through buildah" \
	podman --runtime "$work/bin/$runtime_name" build -q --network none -t bb "$work/context"
like "buildah calls this runtime" "$(cat "$work/calls")" 'create .*buildah'
printf 'FROM bb\nRUN exit 3\n' >"$work/bad"
refused "a RUN line that fails" 3 'exit status 3' engine build -q --network none -f "$work/bad" "$work/context"

# --- run ---
is "run prints what the program prints" "$(engine run --rm --network none bb echo hello)" hello
is "its input arrives" "$(echo typed | engine run --rm -i --network none bb cat)" typed
engine run --rm --network none bb sh -c 'exit 7'
is "run ends with the program's status" $? 7
engine run --rm --init --network none bb sh -c 'kill -9 $$'
is "and after a signal" $? 137
refused "a program that is not there" 127 'no such file|not found' \
	engine run --rm --network none bb /bin/none
refused "a file that cannot be executed" 126 'permission denied' \
	engine run --rm --network none bb /etc/passwd
is "a name is looked up in PATH" "$(engine run --rm --network none -e PATH=/none:/bin bb echo found)" found
is "environment, directory and user" \
	"$(engine run --rm --network none -e A=b -w /tmp -u user --hostname h bb sh -c 'echo $A $PWD $(id -u) $(hostname)')" \
	"b /tmp 1000 h"
like "a terminal" "$(script -qec "podman --runtime $OCI_RUNTIME run --rm -it --network none bb sh -c 'tty; sleep 0.5'" /dev/null | tr -d '\0')" '/dev/pts/0'
is "--init has PID 1" "$(engine run --rm --init --network none bb sh -c 'echo $$' | grep -vc '^1$')" 1
is "--read-only" "$(engine run --rm --read-only --network none bb sh -c 'touch /x 2>/dev/null; echo $?; touch /tmp/x; echo $?' | tr '\n' ' ')" "1 0 "
is "--tmpfs" "$(engine run --rm --tmpfs /data:size=64k --network none bb stat -f -c %T /data)" tmpfs
is "--cap-drop, --cap-add" "$(engine run --rm --cap-drop all --cap-add chown --network none bb grep CapEff /proc/self/status | tr -d '\t')" "CapEff:0000000000000001"
is "--security-opt no-new-privileges" "$(engine run --rm --security-opt no-new-privileges --network none bb grep NoNewPrivs /proc/self/status | tr -d '\t')" "NoNewPrivs:1"
is "the usual seccomp profile is a filter" "$(engine run --rm --network none bb grep 'Seccomp:' /proc/self/status | tr -d '\t')" "Seccomp:2"
is "--security-opt seccomp=unconfined" "$(engine run --rm --security-opt seccomp=unconfined --network none bb grep 'Seccomp:' /proc/self/status | tr -d '\t')" "Seccomp:0"
printf '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO","errnoRet":38}]}' >"$work/seccomp.json"
like "--security-opt seccomp=FILE" "$(engine run --rm --security-opt seccomp="$work/seccomp.json" --network none bb mkdir /tmp/x 2>&1)" 'not implemented'
like "--memory" "$(engine run --rm --memory 64m --network none bb cat /sys/fs/cgroup/memory/memory.limit_in_bytes)" '^67108864$'
is "--pids-limit" "$(engine run --rm --pids-limit 20 --network none bb cat /sys/fs/cgroup/pids/pids.max)" 20
is "--cpus" "$(engine run --rm --cpus 0.5 --network none bb cat /sys/fs/cgroup/cpu/cpu.cfs_quota_us)" 50000
is "--sysctl" "$(engine run --rm --sysctl kernel.msgmax=9000 --network none bb cat /proc/sys/kernel/msgmax)" 9000
is "--device" "$(engine run --rm --device /dev/fuse:/dev/x --network none bb stat -c '%F %t:%T' /dev/x)" "character special file a:e5"
engines_ids
like "--userns=auto" "$(engine run --rm --userns=auto --network none bb sh -c 'id -u; cat /proc/self/uid_map' | tr -s ' \n' ' ')" '^0 0 [0-9]{6} '
engine run -d --name mapped --uidmap 0:300000:1000 --gidmap 0:300000:1000 --network none bb sleep 600 >/dev/null
is "--userns=container:" "$(engine run --rm --userns=container:mapped --network none bb sh -c 'readlink /proc/self/ns/user; id -u; cat /proc/self/uid_map' | tr -s ' \n' ' ')" \
	"$(engine exec mapped readlink /proc/self/ns/user) 0 0 300000 1000 "
ok "kill" engine kill mapped
eventually "it has ended" says exited podman inspect --format '{{.State.Status}}' mapped
ok "rm" engine rm mapped
mkdir "$work/hooks"
for stage in createContainer startContainer; do
	printf '{"version":"1.0.0","hook":{"path":"/bin/sh","args":["sh","-c","echo %s >>%s; cat >/dev/null"]},"when":{"always":true},"stages":["%s"]}' \
		$stage "$([ $stage = createContainer ] && echo "$work/hooked" || echo /dev/stdout)" $stage >"$work/hooks/$stage.json"
done
is "--hooks-dir: a hook inside, of startContainer" "$(podman --runtime "$OCI_RUNTIME" --hooks-dir "$work/hooks" run --rm --network none bb echo program | tr '\n' ' ')" \
	"startContainer program "
is "and of createContainer" "$(cat "$work/hooked")" createContainer

# --- the life of a container ---
engine run -d --name life --network none --health-cmd 'test -e /tmp/well' bb sh -c 'trap "echo bye; exit 3" TERM; echo begun; while :; do sleep 0.1; done' >/dev/null
eventually "run -d" says running podman inspect --format '{{.State.Status}}' life
eventually "logs" says begun podman logs life
is "exec" "$(engine exec -e B=c -w /tmp -u 1000 life sh -c 'echo $B $PWD $(id -u)')" "c /tmp 1000"
engine exec life sh -c 'exit 9'
is "exec's status" $? 9
refused "exec of what is not there" 127 'no such file|not found' engine exec life /bin/none
engine exec -d life touch /tmp/detached >/dev/null
eventually "exec -d" engine exec life test -e /tmp/detached
like "exec -it" "$(script -qec "podman --runtime $OCI_RUNTIME exec -it life tty" /dev/null  | tr -d '\0')" '/dev/pts/[0-9]'
like "top" "$(engine top life args 2>&1)" 'sleep 0.1|sh -c'
refused "the health check fails" 1 '' engine healthcheck run life
engine exec life touch /tmp/well
ok "and then does not" engine healthcheck run life
echo copied >"$work/file"
ok "cp into it" engine cp "$work/file" life:/tmp/file
is "it is there" "$(engine exec life cat /tmp/file)" copied
ok "cp out of it" engine cp life:/tmp/file "$work/back"
is "it is here" "$(cat "$work/back")" copied
like "stats" "$(engine stats --no-stream --format '{{.Name}} {{.PIDs}}' life)" '^life [1-9]'
ok "pause" engine pause life
is "it is paused" "$(tell .State.Status life)" paused
ok "unpause" engine unpause life
ok "update" engine update --memory 80m life
is "its limit" "$(engine exec life cat /sys/fs/cgroup/memory/memory.limit_in_bytes)" $((80 << 20))
ok "stop" engine stop -t 5 life
is "its status is the program's" "$(tell .State.ExitCode life)" 3
like "it said so" "$(engine logs life)" bye
ok "start again" engine start life
eventually "it runs" engine exec life true
ok "kill" engine kill life
eventually "it has ended" says exited podman inspect --format '{{.State.Status}}' life
ok "restart" engine restart -t 1 life
ok "rm -f" engine rm -f life
engine run -d --name crash --restart on-failure:2 --network none bb sh -c 'echo x >>/tmp/x; exit 1' >/dev/null
eventually "it is restarted after a crash" says '^2$' podman inspect --format '{{.RestartCount}}' crash
engine rm -f crash >/dev/null

# --- pods ---
ok "a pod" engine pod create --name pod --network none --infra-image bb --infra-command "sleep 1000"
netns() { engine run --rm --pod pod bb readlink /proc/self/ns/net; }
is "its containers share the network namespace" "$(netns)" "$(netns)"
unlike "which is not this one" "$(netns)" "$(readlink /proc/self/ns/net | tr -d '[]')"
ok "its end" engine pod rm -f -t 1 pod

is "no container is left" "$(engine ps -aq)" ""
is "no state is left" "$(ls /run/mntns-oci /run/runc 2>/dev/null | grep -v :)" ""
finish
