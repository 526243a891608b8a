#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# containerd as a kubelet drives it: the Container Runtime Interface, with pods whose runtime
# handler is the runtime under test. The handler is the one of packaging/containerd/mntns.toml.
. "$(dirname "$0")/../lib/engines.sh"
engines_mounts
podman_conf "$store"
image_context
podman --runtime "$OCI_RUNTIME" build -q --network none -t bb "$work/context" >/dev/null
printf 'FROM bb\nCMD ["/bin/sleep", "100000"]\n' >"$work/pause"
podman --runtime "$OCI_RUNTIME" build -q --network none -t pause -f "$work/pause" "$work/context" >/dev/null
for image in bb pause; do podman save -q --format oci-archive -o "$work/$image.tar" $image; done

# --- containerd ---
mkdir "$work/proto" "$work/logs"
export CRI_PROTO=$work/proto
protoc --proto_path="$source_root/tests/tools" --python_out="$CRI_PROTO" cri.proto
socket=$store/c.sock
# The shipped file names /usr/bin/mntns-oci, and is appended as it says.
mkdir -p "$store/cni/bin" "$store/cni/net.d"
cat >"$store/config.toml" <<-END
	version = 2
	root = "$store/containerd"
	state = "/run/containerd-state"
	disabled_plugins = ["io.containerd.snapshotter.v1.btrfs", "io.containerd.snapshotter.v1.zfs",
		"io.containerd.snapshotter.v1.aufs", "io.containerd.snapshotter.v1.devmapper"]
	[grpc]
	address = "$socket"
	[plugins."io.containerd.grpc.v1.cri"]
	# Without CAP_SYS_RESOURCE: a machine of CI may lack it.
	restrict_oom_score_adj = true
	sandbox_image = "localhost/pause:latest"
	[plugins."io.containerd.grpc.v1.cri".cni]
	bin_dir = "$store/cni/bin"
	conf_dir = "$store/cni/net.d"
END
drop_in=$source_root/packaging/containerd/mntns.toml
drop_in_and_runc() { sed 's/^#\(\[.*\|  .*=.*\)/\1/' "$drop_in"; }
drop_in_and_runc >>"$store/config.toml"
# merged: the runtimes that containerd knows by the configuration on stdin, and where its plugins for networks are
merged() {
	containerd -c <(cat) config dump | grep -oE '(runtimes|bin_dir).*' | grep -v options | tr -d ' "]' | sort | xargs
}
is "the drop-in after a configuration that names runc" "$({ containerd config default; cat "$drop_in"; } | merged)" \
	"bin_dir=/opt/cni/bin runtimes runtimes.mntns runtimes.runc"
is "and, with its last lines, after one that does not" "$({
	printf 'version = 2\n[plugins."io.containerd.grpc.v1.cri".cni]\nbin_dir = "/usr/lib/cni"\n'
	drop_in_and_runc
} | merged)" "bin_dir=/usr/lib/cni runtimes runtimes.mntns runtimes.runc"
# A network of a pod that has its loopback and one address: all that is asked of a plugin.
cat >"$store/cni/bin/loopback" <<'END'
#!/bin/sh
[ "$CNI_COMMAND" != ADD ] || {
	nsenter --net="$CNI_NETNS" sh -c 'ip link set lo up && { [ "$0" = lo ] || {
		ip link add "$0" type bridge && ip address add 10.9.8.7/24 dev "$0" && ip link set "$0" up; }; }' "$CNI_IFNAME"
} >&2 || exit 1
echo '{"cniVersion":"0.4.0","interfaces":[{"name":"'"$CNI_IFNAME"'","sandbox":"'"$CNI_NETNS"'"}],
	"ips":[{"version":"4","interface":0,"address":"10.9.8.7/24"}]}'
END
chmod +x "$store/cni/bin/loopback"
echo '{"cniVersion":"0.4.0","name":"dull","type":"loopback"}' >"$store/cni/net.d/10-dull.conf"
containerd_start() {
	containerd -c "$store/config.toml" >>"$work/containerd.log" 2>&1 &
	containerd=$!
	eventually "containerd answers${1:-}" cri Version
}
cri() { "$source_root/tests/tools/cri.py" "$socket" "$@"; }
installed
containerd_start
for image in bb pause; do
	ok "the image $image" ctr -a "$socket" -n k8s.io images import "$work/$image.tar"
done

[ $failed = 0 ] || finish

# pod_config NAME [JQ…]: as a kubelet would say it, changed by the filter
pod_config() {
	jq -nc --arg name "$1" --arg parent "$cgroup" --arg logs "$work/logs" '{
		metadata: {name: $name, uid: $name, namespace: "default"}, log_directory: $logs, linux: {
			cgroup_parent: $parent, security_context: {
				namespace_options: {network: "NODE", pid: "CONTAINER"}}}}'"${2:+ | $2}"
}
# pod NAME [JQ]: it runs, with its id in $pod
pod() {
	pod_config=$(pod_config "$@")
	pod=$(cri RunPodSandbox "{\"runtime_handler\":\"mntns\",\"config\":$pod_config}" | jq -r .pod_sandbox_id)
}
# create NAME JQ COMMAND…: a container in $pod, with its id in $id; all is there to be changed
create() {
	local config
	config=$(jq -nc '{metadata: {name: $ARGS.positional[0]}, image: {image: "localhost/bb:latest"},
		log_path: ($ARGS.positional[0] + ".log"), command: $ARGS.positional[1:], linux: {
			resources: {}, security_context: {namespace_options: {pid: "CONTAINER"}}}} | '"${2:-.}" --args -- "$1" "${@:3}")
	id=$(cri CreateContainer "{\"pod_sandbox_id\":\"$pod\",\"config\":$config,\"sandbox_config\":$pod_config}" | jq -r .container_id)
}
about() { cri "$1" "{\"container_id\":\"$id\"}"; } # METHOD
# start NAME JQ [COMMAND…]: create and start, of a program that waits
start() {
	[ $# -gt 2 ] || set -- "$@" sleep 100000
	create "$@" && about StartContainer >/dev/null
}
inside() { cri exec "$id" 10 "$@"; }
line() { inside grep "^$1:" "/proc/${2:-1}/status" | tr -s ' \t' ' ' | cut -d ' ' -f 2- | sed 's/ $//'; }
status() { about ContainerStatus | jq -r ".status.$1"; }
ended() { [ "$(status state)" = CONTAINER_EXITED ]; }
logged() { cut -d ' ' -f 4- "$work/logs/$1.log"; }
remove() { cri StopContainer "{\"container_id\":\"$id\"}" >/dev/null && about RemoveContainer >/dev/null; }

# --- a pod ---
is "the runtime is ready, and the network" "$(cri Status | jq -c '[.status.conditions[].status]')" '[true,true]'
refused "a handler that containerd does not know" 125 'no runtime for "none"' \
	cri RunPodSandbox "{\"runtime_handler\":\"none\",\"config\":$(pod_config x)}"
pod first '.linux.sysctls = {"kernel.msgmax": "9000"}'
like "a pod on the host's network" "$pod" '^[0-9a-f]{64}$'
[ $failed = 0 ] || finish
is "it is ready, of this handler" "$(cri PodSandboxStatus "{\"pod_sandbox_id\":\"$pod\"}" | jq -r '.status | .state + " " + .runtime_handler')" \
	"SANDBOX_READY mntns"
like "the shim calls the program that the drop-in names" "$(cat "$work/calls")" \
	"^--root /run/containerd/runc/k8s.io --log .*/log.json --log-format json create --bundle .* $pod\$"

# --- a container ---
start plain '.envs = [{key: "A", value: "b"}] | .working_dir = "/tmp"' sh -c 'echo $A $PWD; echo error >&2; exec sleep 100000'
is "it runs" "$(status state)" CONTAINER_RUNNING
eventually "its output is in its log" says 'b /tmp' logged plain
is "both streams are" "$(cut -d ' ' -f 2-3 "$work/logs/plain.log" | sort | xargs)" "stderr F stdout F"
is "ExecSync" "$(inside sh -c 'echo out; echo err >&2' 2>/dev/null)" out
is "its standard error" "$(inside sh -c 'echo out; echo err >&2' 2>&1 >/dev/null)" err
refused "its status" 9 '' inside sh -c 'exit 9'
refused "its timeout" 125 'DEADLINE_EXCEEDED|timeout' cri exec "$id" 1 sleep 4321
ok "whose process is ended" test -z "$(pgrep -xf 'sleep 4321')"
refused "exec of what is not there" 125 '/bin/none.*([Nn]o such file|not found)' inside /bin/none
task() { ctr -a "$socket" -n k8s.io task ls | awk -v id="$1" '$1 == id { print $2 }'; }
namespace() { readlink "/proc/$(task "$1")/ns/$2"; }
for kind in ipc uts net; do
	is "its $kind namespace is the pod's" "$(namespace "$id" $kind)" "$(namespace "$pod" $kind)"
done
is "the network is the host's" "$(namespace "$id" net)" "$(readlink /proc/self/ns/net)"
unlike "the PID namespace is its own" "$(namespace "$id" pid)" "$(namespace "$pod" pid | tr -d '[]')"
is "its sysctl" "$(inside cat /proc/sys/kernel/msgmax)" 9000
inside touch /dev/shm/file
remove
start again .
is "/dev/shm is the pod's" "$(inside ls /dev/shm)" file
remove
pod shared '.linux.security_context.namespace_options.pid = "POD"'
start shared '.linux.security_context.namespace_options.pid = "POD"'
like "shareProcessNamespace: PID 1 is the pod's" "$(inside ps -o pid,args)" '^ +1 /bin/sleep 100000'
is "the namespace too" "$(namespace "$id" pid)" "$(namespace "$pod" pid)"
create target '.linux.security_context.namespace_options |= . + {pid: "TARGET", target_id: "'"$id"'"}' sleep 100000
about StartContainer >/dev/null
is "a container for debugging has that of its target" "$(namespace "$id" pid)" "$(namespace "$pod" pid)"

# --- security context ---
security() { # JQ: a container with that
	remove
	start secure ".linux.security_context |= (. | $1)"
}
security '.run_as_user.value = 1000 | .run_as_group.value = 1001 | .supplemental_groups = [2000, 3000]'
is "run_as_user, run_as_group, supplemental_groups" "$(line Uid) $(line Gid) $(line Groups)" \
	"1000 1000 1000 1000 1001 1001 1001 1001 1001 2000 3000"
security '.run_as_username = "user"'
is "run_as_username" "$(line Uid)" "1000 1000 1000 1000"
security '.readonly_rootfs = true'
refused "readonly_rootfs" 1 'Read-only file system' inside touch /x
security '.capabilities.drop_capabilities = ["ALL"] | .capabilities.add_capabilities = ["NET_BIND_SERVICE"]'
is "capabilities" "$(line CapPrm) $(line CapEff) $(line CapBnd) $(line CapAmb)" \
	"0000000000000400 0000000000000400 0000000000000400 0000000000000000"
security '.no_new_privs = true'
is "no_new_privs" "$(line NoNewPrivs)" 1
is "of exec too" "$(line NoNewPrivs self)" 1
security '.masked_paths = ["/proc/timer_list", "/sys/firmware", "/tmp"] | .readonly_paths = ["/proc/sys", "/etc"]'
is "masked_paths" "$(inside sh -c 'cat /proc/timer_list; ls /sys/firmware /tmp | grep -v : | xargs')" ""
refused "readonly_paths" 1 'Read-only file system' inside touch /etc/x
for profile in '{profile_type: "RuntimeDefault"}:2' '{profile_type: "Unconfined"}:0'; do
	security ".seccomp = ${profile%:*}"
	is "seccomp ${profile%:*}" "$(line Seccomp)" "${profile##*:}"
done
echo '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO","errnoRet":38}]}' >"$work/seccomp.json"
security ".seccomp = {profile_type: \"Localhost\", localhost_ref: \"$work/seccomp.json\"}"
refused "seccomp Localhost, of exec too" 1 'not implemented' inside mkdir /tmp/x
remove
pod privileged '.linux.security_context.privileged = true'
start privileged '.linux.security_context.privileged = true'
is "privileged" "$(line CapEff) $(line Seccomp)" "$(awk '$1 == "CapEff:" { print $2 }' /proc/self/status) 0"
like "its sysfs can be written" "$(inside grep ' /sys ' /proc/self/mountinfo)" ' /sys rw,'
remove

# --- volumes ---
mkdir "$work/plain" "$work/shared"
mount -t tmpfs shared "$work/shared"
mount --make-shared "$work/shared"
mkdir "$work/shared/in"
volume() { # PROPAGATION [JQ]
	remove 2>/dev/null
	start volume ".mounts = [{container_path: \"/v\", host_path: \"$work/shared\", propagation: \"PROPAGATION_$1\"}]
		| .linux.security_context.capabilities.add_capabilities = [\"SYS_ADMIN\"] | ${2:-.}"
}
tags() { inside grep ' /v ' /proc/self/mountinfo | sed -E 's/.* (rw|ro),[^ ]* (.*) ?- .*/\2/;s/[0-9]+//g;s/ *$//'; }
here() { awk '{ print $5 }' /proc/self/mountinfo | grep -qxF "$work/shared/in"; }
there() { inside awk '{ print $5 }' /proc/self/mountinfo | grep -qxF /v/in; }
# arrives: a mount made here and one made there, seen on the other side
arrives() {
	mount -t tmpfs outside "$work/shared/in"
	there && printf 'in '
	umount "$work/shared/in"
	inside mount -t tmpfs inside /v/in
	here && printf out
	inside umount /v/in
}
volume PRIVATE
is "PROPAGATION_PRIVATE" "$(tags)" ""
is "nothing passes" "$(arrives)" ""
volume HOST_TO_CONTAINER
is "HOST_TO_CONTAINER" "$(tags)" "master:"
is "what is mounted outside arrives" "$(arrives)" "in "
volume BIDIRECTIONAL
is "BIDIRECTIONAL" "$(tags)" "shared:"
is "mounts pass both ways" "$(arrives)" "in out"
volume HOST_TO_CONTAINER '.mounts[0].readonly = true'
refused "readonly" 1 'Read-only file system' inside touch /v/x
is "mounts arrive nevertheless" "$(tags)" "master:"
remove
refused "BIDIRECTIONAL from a mount that is not shared" 125 'not a shared mount' \
	cri CreateContainer "{\"pod_sandbox_id\":\"$pod\",\"sandbox_config\":$pod_config,\"config\":{\"metadata\":{\"name\":\"x\"},\"image\":{\"image\":\"localhost/bb:latest\"},\"command\":[\"true\"],
		\"linux\":{\"security_context\":{}},\"mounts\":[{\"container_path\":\"/v\",\"host_path\":\"$work/plain\",\"propagation\":\"PROPAGATION_BIDIRECTIONAL\"}]}}"
start device '.devices = [{container_path: "/dev/x", host_path: "/dev/fuse", permissions: "rw"}]'
is "a device" "$(inside stat -c '%F %t:%T' /dev/x)" "character special file a:e5"
remove

# --- resources ---
start limits '.linux.resources = {memory_limit_in_bytes: 67108864, cpu_period: 100000, cpu_quota: 50000, cpu_shares: 512, oom_score_adj: 500}'
limit() { cat /sys/fs/cgroup/"${1%%.*}$cgroup/$id/$1"; }
limits() { echo "$(limit memory.limit_in_bytes) $(limit cpu.cfs_quota_us) $(limit cpu.shares)"; }
is "resources" "$(limits)" "67108864 50000 512"
is "oom_score_adj" "$(inside cat /proc/1/oom_score_adj)" 500
ok "UpdateContainerResources" cri UpdateContainerResources \
	"{\"container_id\":\"$id\",\"linux\":{\"memory_limit_in_bytes\":83886080,\"cpu_period\":100000,\"cpu_quota\":80000,\"cpu_shares\":256}}"
is "changes them" "$(limits)" "83886080 80000 256"
like "ContainerStats: memory" "$(about ContainerStats | jq -r .stats.memory.working_set_bytes.value)" '^[1-9]'
like "and processor time" "$(about ContainerStats | jq -r .stats.cpu.usage_core_nano_seconds.value)" '^[1-9]'
remove
start greedy '.linux.resources.memory_limit_in_bytes = 16777216' sh -c 'sleep 0.5; tail /dev/zero'
eventually "a container that wants more than its limit ends" ended
is "its reason" "$(status 'exit_code, .status.reason' | xargs)" "137 OOMKilled"
remove

# --- its end ---
start done . true
eventually "a program that succeeds" ended
is "is complete" "$(status 'exit_code, .status.reason' | xargs)" "0 Completed"
remove
start failing . sh -c 'exit 7'
eventually "one that fails" ended
is "has its status" "$(status 'exit_code, .status.reason' | xargs)" "7 Error"
remove
start polite . sh -c 'trap "exit 3" TERM; while :; do sleep 0.1; done'
ok "StopContainer" cri StopContainer "{\"container_id\":\"$id\",\"timeout\":10}"
is "the program was asked" "$(status exit_code)" 3
remove
start deaf . sh -c 'trap "" TERM; while :; do sleep 0.1; done'
ok "StopContainer of one that does not listen" cri StopContainer "{\"container_id\":\"$id\",\"timeout\":1}"
is "is SIGKILL's" "$(status exit_code)" 137
ok "RemoveContainer" about RemoveContainer
refused "it is no more" 125 'NOT_FOUND' about ContainerStatus
create nothing . /bin/none
refused "a program that is not there" 125 '/bin/none.*([Nn]o such file|not found)' about StartContainer
is "the kubelet sees why" "$(status 'exit_code, .status.reason' | xargs)" "128 StartError"
remove

# --- a pod's own network ---
pod network '.hostname = "named" | .linux.security_context.namespace_options.network = "POD" | .linux.sysctls = {"net.ipv4.ip_unprivileged_port_start": "80"}'
is "a pod with a network" "$(cri PodSandboxStatus "{\"pod_sandbox_id\":\"$pod\"}" | jq -r .status.network.ip)" 10.9.8.7
start one . sh -c 'echo served | nc -l -p 7000; sleep 100000'
one=$id
start two .
is "its containers meet there" "$(inside nc 127.0.0.1 7000)" served
is "its sysctl" "$(inside cat /proc/sys/net/ipv4/ip_unprivileged_port_start)" 80
is "its hostname" "$(inside hostname; inside cat /etc/hostname)" $'named\nnamed'
is "which is theirs" "$(namespace "$one" net) $(namespace "$id" net)" "$(namespace "$pod" net) $(namespace "$pod" net)"

# --- many at once, as after a reboot of the node ---
network=$pod
for n in {1..8}; do
	(pod "many$n" && start one . && inside echo "$n") >"$work/many.$n" 2>&1 &
	many[n]=$!
done
wait "${many[@]}"
is "eight pods at once" "$(cat "$work"/many.* | xargs)" "1 2 3 4 5 6 7 8"
pod=$network

# --- containerd is started again: what runs goes on ---
pid=$(task "$id")
kill "$containerd"
wait "$containerd"
ok "the container lives without containerd" kill -0 "$pid"
containerd_start " again"
is "it is known again" "$(status state) $(task "$id")" "CONTAINER_RUNNING $pid"
is "exec" "$(inside echo still)" still

# --- the shim is killed ---
shim=$(awk '$1 == "PPid:" { print $2 }' "/proc/$pid/status")
like "the shim is its parent" "$(tr '\0' ' ' <"/proc/$shim/cmdline")" 'containerd-shim-runc-v2'
kill -9 "$shim"
eventually "the container has ended" ended
process_ended() { ! grep -q '^State:.[^ZX]' "/proc/$pid/status" 2>/dev/null; }
eventually "so has its process" process_ended
sandbox_state() { cri PodSandboxStatus "{\"pod_sandbox_id\":\"$pod\"}" | jq -r .status.state; }
eventually "the pod is not ready" says NOTREADY sandbox_state
ok "its containers go" remove

# --- pods go, with what runs in them ---
for pod in $(cri ListPodSandbox | jq -r '.items[].id'); do
	ok "StopPodSandbox" cri StopPodSandbox "{\"pod_sandbox_id\":\"$pod\"}"
	ok "RemovePodSandbox" cri RemovePodSandbox "{\"pod_sandbox_id\":\"$pod\"}"
done
is "no pod" "$(cri ListPodSandbox | jq -c .items)" "[]"
is "no container" "$(cri ListContainers | jq -c .containers)" "[]"
is "no task" "$(ctr -a "$socket" -n k8s.io task ls -q)" ""
is "no state" "$(find /run/containerd/runc -mindepth 2 -not -path '*/.filters*' 2>/dev/null)" ""
is "no cgroup" "$(find /sys/fs/cgroup -mindepth 2 -type d -path "*$cgroup/*" -not -name 'libpod*' -not -path '*/buildah*' 2>/dev/null)" ""
unlike "no mount" "$(cat /proc/self/mountinfo)" '/run/(containerd-state/io.containerd.(runtime|grpc)|netns/)'
finish
