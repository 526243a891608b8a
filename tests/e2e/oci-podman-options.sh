#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# podman's options of namespaces, limits and security, pods by Kubernetes' YAML, buildah alone, and
# podman by nothing but the drop-in of packaging/.
. "$(dirname "$0")/../lib/engines.sh"
podman_ready
once() { # [OPTION…] -- COMMAND…
	local options=()
	while [ "$1" != -- ]; do options+=("$1") && shift; done
	engine run --rm --network none "${options[@]}" bb "${@:2}"
}
squeeze() { tr -s ' \t\n' ' ' | sed 's/^ //; s/ $//'; }

# --- namespaces by path ---
engine run -d --name first --network none --ipc shareable --shm-size 1m bb sleep 1000 >/dev/null
of_first() { engine exec first readlink "/proc/self/ns/$1"; }
is "--network container:" "$(engine run --rm --network container:first bb readlink /proc/self/ns/net)" "$(of_first net)"
for kind in ipc pid; do
	is "--$kind container:" "$(once --$kind container:first -- readlink /proc/self/ns/$kind)" "$(of_first $kind)"
done
is "the processes of the other are seen" "$(once --pid container:first -- ps -o args | grep -c '^sleep 1000')" 1
is "its shared memory too" "$(engine exec first touch /dev/shm/file; once --ipc container:first -- ls /dev/shm)" file
engine rm -f -t 0 first >/dev/null
for kind in pid ipc uts; do
	is "--$kind host" "$(once --$kind host -- readlink /proc/self/ns/$kind)" "$(readlink /proc/self/ns/$kind)"
done
is "--network host" "$(engine run --rm --network host bb readlink /proc/self/ns/net)" "$(readlink /proc/self/ns/net)"
ip netns add mine
is "--network ns:PATH" "$(engine run --rm --network ns:/run/netns/mine bb readlink /proc/self/ns/net)" "$(ip netns exec mine readlink /proc/self/ns/net)"
ip netns del mine
is "--cgroupns host" "$(once --cgroupns host -- readlink /proc/self/ns/cgroup)" "$(readlink /proc/self/ns/cgroup)"
unlike "--cgroupns private" "$(once --cgroupns private -- readlink /proc/self/ns/cgroup)" "$(readlink /proc/self/ns/cgroup | tr -d '[]')"
is "which begins at the container's cgroup" "$(once --cgroupns private -- grep memory /proc/self/cgroup | cut -d : -f 3)" /

# --- limits and what is in /proc ---
is "--shm-size" "$(once --shm-size 2m -- df -k /dev/shm | awk 'NR == 2 { print $2 }')" 2048
is "--ulimit" "$(once --ulimit nofile=100:200 --ulimit core=0 --ulimit nproc=4096 -- sh -c 'ulimit -n; ulimit -Hn; ulimit -c' | squeeze)" "100 200 0"
is "--oom-score-adj" "$(once --oom-score-adj 500 -- cat /proc/self/oom_score_adj)" 500
is "--cpuset-cpus" "$(once --cpuset-cpus 0 -- cat /sys/fs/cgroup/cpuset/cpuset.cpus)" 0
is "--cpu-shares" "$(once --cpu-shares 512 -- cat /sys/fs/cgroup/cpu/cpu.shares)" 512
is "--memory-reservation" "$(once --memory-reservation 32m -- cat /sys/fs/cgroup/memory/memory.soft_limit_in_bytes)" 33554432
is "--umask, --group-add" "$(once --umask 027 --group-add 3000 -- sh -c 'umask; id -G' | squeeze)" "0027 0 3000"

# --- security ---
masked() { once "$@" -- sh -c 'ls /proc/acpi 2>/dev/null | wc -l; head -c 1 /proc/timer_list 2>/dev/null | wc -c' | squeeze; }
like "masked paths" "$(masked)" '^0 0$'
mounts() { once "$@" -- awk '{ print $5 }' /proc/self/mountinfo; }
like "they are mounts" "$(mounts)" '^/proc/timer_list$'
unlike "--security-opt unmask=PATH" "$(mounts --security-opt unmask=/proc/timer_list)" '^/proc/timer_list$'
unlike "--security-opt unmask=ALL" "$(mounts --security-opt unmask=ALL)" '^/(proc|sys)/(timer_list|sys|firmware)$'
is "--security-opt mask=PATH" "$(once --security-opt mask=/bin -- /bin/busybox true 2>&1 | grep -c 'not found\|no such file')" 1
is "of a file" "$(once --security-opt mask=/etc/passwd -- wc -c /etc/passwd)" "0 /etc/passwd"
effective() { once "$@" -- grep CapEff /proc/self/status | cut -f 2; }
is "--privileged has all capabilities that there are" "$(effective --privileged)" "$(awk '$1 == "CapEff:" { print $2 }' /proc/self/status)"
is "no filter" "$(once --privileged -- grep Seccomp: /proc/self/status | cut -f 2)" 0
like "a sysfs that can be written" "$(once --privileged -- grep ' /sys ' /proc/self/mountinfo)" ' /sys rw,'
unlike "nothing masked" "$(mounts --privileged)" '^/proc/(timer_list|sys)$'
is "the devices of the host" "$(once --privileged -- ls -d /dev/fuse)" /dev/fuse
ok "and may mount" once --privileged -- mount -t tmpfs x /tmp
refused "others may not" 1 'permission denied|not permitted' once -- mount -t tmpfs x /tmp

# --- signals, restart, update ---
engine run -d --name life --network none bb sh -c 'trap "echo usr1" USR1; trap "exit 3" TERM; echo begun; while :; do sleep 0.1; done' >/dev/null
eventually "it runs" says begun podman logs life
ok "kill -s" engine kill -s USR1 life
eventually "the signal arrives" says usr1 podman logs life
refused "one that there is not" 125 'invalid signal' engine kill -s NONE life
pid=$(tell .State.Pid life)
ok "restart of what runs" engine restart -t 5 life
eventually "it runs again" [ "$(engine exec life echo here)" = here ]
unlike "in another process" "$(tell .State.Pid life)" "^$pid$"
ok "update" engine update --cpus 0.3 --cpu-shares 300 --memory 90m --memory-reservation 40m life
cgroup_of() { engine exec life cat "/sys/fs/cgroup/$1"; }
is "changes its limits" "$(cgroup_of cpu/cpu.cfs_quota_us) $(cgroup_of cpu/cpu.shares) $(cgroup_of memory/memory.limit_in_bytes) $(cgroup_of memory/memory.soft_limit_in_bytes)" \
	"30000 300 $((90 << 20)) $((40 << 20))"
ok "wait" eval 'engine kill -s TERM life && [ "$(engine wait life)" = 3 ]'
engine rm -f -t 0 life >/dev/null
engine run -d --name life --network none bb sleep 1000 >/dev/null
# podman asks the runtime only where there is a criu, and by this.
refused "checkpoint" 125 'CRIU|does not support checkpoint' engine container checkpoint life
refused "the runtime's answer" 1 'checkpoint is not supported: this runtime has no CRIU' "$OCI_RUNTIME" checkpoint --help
is "leaves it alone" "$(tell .State.Status life)" running
engine rm -f -t 0 life >/dev/null

# --- Kubernetes' YAML ---
# With restartPolicy Always, the default, podman 4.3 starts again whatever ends, with any runtime: the init
# container, which it then cannot remove since it runs, and one of a pod that it stops, for which it mounts
# the /dev/shm of that pod once more and then cannot remove that.
cat >"$work/pod.yaml" <<END
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  terminationGracePeriodSeconds: 1
  restartPolicy: Never
  hostNetwork: true
  initContainers:
  - name: before
    image: localhost/bb:latest
    command: [sh, -c, "echo made >/data/index"]
    volumeMounts: [{name: data, mountPath: /data}]
  containers:
  - name: server
    image: localhost/bb:latest
    command: [sleep, "1000"]
    env: [{name: A, value: b}]
    resources: {limits: {memory: 64Mi, cpu: 500m}}
    securityContext: {runAsUser: 1000, readOnlyRootFilesystem: true, capabilities: {drop: [all]}}
    volumeMounts: [{name: data, mountPath: /data, readOnly: true}]
  - name: other
    image: localhost/bb:latest
    command: [sleep, "1000"]
    volumeMounts: [{name: data, mountPath: /data}]
  volumes:
  - name: data
    hostPath: {path: $work/data, type: DirectoryOrCreate}
END
engine pod create --name template --infra-image bb >/dev/null 2>&1
engine pod rm -f template >/dev/null 2>&1
ok "play kube" engine play kube --start "$work/pod.yaml"
is "what the init container made is there" "$(engine exec web-server cat /data/index)" made
is "environment, user, capabilities" "$(engine exec web-server sh -c 'echo $A $(id -u) $(grep CapPrm /proc/1/status)')" "b 1000 CapPrm: 0000000000000000"
refused "readOnly, readOnlyRootFilesystem" 1 'Read-only' engine exec web-server touch /data/x /x
is "limits" "$(engine exec web-server cat /sys/fs/cgroup/memory/memory.limit_in_bytes /sys/fs/cgroup/cpu/cpu.cfs_quota_us | squeeze)" "67108864 50000"
is "its containers share the network" "$(engine exec web-server readlink /proc/self/ns/net)" "$(engine exec web-other readlink /proc/self/ns/net)"
like "generate kube" "$(engine generate kube web 2>/dev/null)" 'readOnlyRootFilesystem: true'
ok "play kube --down" engine play kube --down "$work/pod.yaml"
is "no container is left" "$(engine ps -aq)" ""

# --- the drop-in ---
# containers.conf as Debian has it, the shipped file beside it, and /usr/bin/mntns-oci, which tells.
unset CONTAINERS_CONF
installed
mount -t tmpfs etc /etc/containers
mkdir /etc/containers/containers.conf.d
cp "$source_root/packaging/podman/mntns.conf" /etc/containers/containers.conf.d/
# What is not about the runtime: this machine has no systemd, and few files and processes for a container.
cat >/etc/containers/containers.conf.d/machine.conf <<END
[engine]
cgroup_manager = "cgroupfs"
events_logger = "file"
[containers]
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
END
echo '{"default": [{"type": "insecureAcceptAnything"}]}' >/etc/containers/policy.json
is "podman info: the runtime" "$(podman info --format '{{.Host.OCIRuntime.Name}} {{.Host.OCIRuntime.Path}}')" "mntns-oci /usr/bin/mntns-oci"
like "its version" "$(podman info --format '{{.Host.OCIRuntime.Version}}')" '^mntns-oci version '
plain() { podman run --cgroup-parent "$cgroup" --network none "$@"; }
is "run" "$(plain --rm bb echo hello)" hello
plain -d --name drop bb sleep 1000 >/dev/null
is "exec" "$(podman exec drop echo inside)" inside
refused "an error arrives as JSON does" 127 'OCI runtime attempted to invoke a command that was not found' plain --rm bb /bin/none
ok "rm" podman rm -f -t 0 drop
printf 'FROM bb\nRUN echo bud >/tmp/bud\n' >"$work/bud"
ok "build" podman build -q --network none -t drop -f "$work/bud" "$work/context"
for call in create start exec kill delete; do
	like "the program that the drop-in names was called: $call" "$(cat "$work/calls")" "(^| )$call "
done

# --- buildah alone, by the same drop-in ---
: >"$work/calls"
worker=$(buildah from --pull-never localhost/bb)
buildah_run() { buildah run --network none "$@"; }
is "buildah run" "$(buildah_run "$worker" -- sh -c 'echo built >/tmp/file; cat /tmp/file')" built
buildah_run "$worker" -- sh -c 'exit 7' 2>/dev/null
is "its status" $? 7
is "a volume, a user" "$(buildah_run -v "$work/data:/data:ro" --user 1000 "$worker" -- sh -c 'id -u; cat /data/index' | squeeze)" "1000 made"
ok "buildah commit" buildah commit -q "$worker" built
is "what was made is in the image" "$(plain --rm built cat /tmp/file)" built
buildah rm "$worker" >/dev/null
ok "buildah bud" buildah bud -q --network none -t bud -f "$work/bud" "$work/context"
is "its RUN line was carried out" "$(plain --rm bud cat /tmp/bud)" bud
like "buildah called that program" "$(cat "$work/calls")" 'create .*buildah'

is "no container is left" "$(podman ps -aq)" ""
is "no state is left" "$(ls /run/mntns-oci | grep -v :)" ""
finish
