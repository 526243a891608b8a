#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mntns-oci --systemd-cgroup where systemd is PID 1 and cgroup2 is alone; and a user's manager, which has a
# part of the tree to itself.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/oci.sh"
export MNTNS_OCI_SYSTEMD=$OCI_SYSTEMD
top=/sys/fs/cgroup
is "systemd, and cgroup2 alone" "$(cat /proc/1/comm) $(stat -f -c %T $top)" "systemd cgroup2fs"
sd() { oci --systemd-cgroup "$@"; }
quiet() { sd "$@" </dev/null >"$work/out" 2>&1 || { cat "$work/out"; return 1; }; }
show() { systemctl show "$1" -P "$2"; }
stopped() { [ "$(sd state "$1" | jq -r .status)" = stopped ]; }
gone() { [ "$(show "$1" LoadState)" = not-found ]; }
make_bundle "$work/box" '.process.args = ["/bin/sh", "-c", "while :; do sleep 1; done"]'
cp "$bundle/config.json" "$work/plain.json"
config() { jq "$1" "$work/plain.json" >"$bundle/config.json"; }

# --- a life ---
config '.linux.cgroupsPath = "mntns-test.slice:mntns:a" | .linux.resources += {pids: {limit: 77},
	memory: {limit: 67108864, swap: 67108864, reservation: 16777216}, cpu: {shares: 512, quota: 40000, period: 100000, cpus: "1"}, unified: {"memory.high": "50331648"}}'
ok "create" quiet create --bundle "$bundle" --pid-file "$work/pid" a
scope=mntns-a.scope place=/mntns.slice/mntns-test.slice/mntns-a.scope
pid=$(<"$work/pid")
is "its scope is active" "$(show $scope ActiveState)" active
is "in the slice that was asked for" "$(show $scope Slice)" mntns-test.slice
is "and delegated" "$(show $scope Delegate)" yes
is "where the record says" "$(show $scope ControlGroup)" $place
# Of the unit's own cgroup systemd writes the limits whenever it likes.
is "the process is below it" "$(cut -d: -f3 "/proc/$pid/cgroup")" $place/container
place=$place/container
is "and nothing but it" "$(cat $top$place/cgroup.procs)" "$pid"
limits() { (cd $top$place && for f in pids.max memory.max memory.swap.max memory.low memory.high cpu.max cpu.weight cpuset.cpus; do tr '\n' ' ' <$f; done); }
wanted="77 67108864 0 16777216 50331648 40000 100000 59 1 "
is "the limits" "$(limits)" "$wanted"
ok "start" sd start a
ok "systemd reads its units again" systemctl daemon-reload
is "the limits are as they were" "$(limits)" "$wanted"
ok "and is executed again" systemctl daemon-reexec
is "the limits are as they were then" "$(limits)" "$wanted"
ok "another unit of the slice begins" systemd-run -q --slice mntns-test.slice --unit mntns-neighbor -p MemoryMax=100M -p CPUWeight=50 sleep 1000
is "the limits are as they were with it" "$(limits)" "$wanted"
ok "and its limits change" systemctl set-property --runtime mntns-neighbor.service MemoryMax=90M IOWeight=50
is "the limits are as they were after that" "$(limits)" "$wanted"
systemctl stop mntns-neighbor.service
is "and after its end" "$(limits)" "$wanted"
denied() { sd exec a sh -c 'mknod /dev/m b 7 7 && cat /dev/m' 2>&1; }
like "devices are limited" "$(denied)" 'not permitted'
is "the usual ones are not" "$(sd exec a sh -c 'echo a >/dev/null && echo there')" there
is "exec joins it" "$(sd exec a cat /proc/self/cgroup)" 0::/
ok "pause" sd pause a
is "it is frozen" "$(sed -n 's/^frozen //p' $top$place/cgroup.events)" 1
ok "resume" sd resume a
ok "update" sd update --pids-limit 78 --memory 80M --memory-swap 80M a
is "of the limits" "$(limits | cut -d' ' -f1,2)" "78 $((80 << 20))"
systemctl daemon-reload
is "which systemd does not undo" "$(limits | cut -d' ' -f1,2)" "78 $((80 << 20))"
ok "events --stats" [ "$(sd events --stats a | jq .data.memory.usage.usage)" -gt 0 ]
ok "kill" sd kill a KILL
ok "it stops" await stopped a
ok "delete" sd delete a
ok "the scope is gone" await gone $scope
is "and its cgroup" "$(ls -d $top${place%/*} 2>/dev/null)" ""

# --- the other ways ---
config '.process.args = ["/bin/sh", "-c", "cat /sys/fs/cgroup/pids.max /sys/fs/cgroup/memory.max; echo end"]'
is "without limits there are none" "$(sd run --bundle "$bundle" b </dev/null | tr '\n' ' ')" "max max end "
ok "it leaves no scope" await gone mntns-oci-b.scope
config .
ok "without a path it is below system.slice" quiet run -d --bundle "$bundle" c
is "and has its name" "$(show mntns-oci-c.scope ControlGroup)" /system.slice/mntns-oci-c.scope
ok "systemctl stop ends it" systemctl stop mntns-oci-c.scope
ok "it stops" await stopped c
ok "and can be deleted" sd delete c
config '.process.args = ["/none"]'
refused "a program that is not there" 127 'executable file not found' sd run --bundle "$bundle" d
ok "leaves no scope" await gone mntns-oci-d.scope
rw='(.mounts[] | select(.type == "cgroup") | .options) |= ["nosuid", "noexec", "nodev", "rw"]'
config "$rw | .process.args = [\"/bin/sh\", \"-c\", \"cd /sys/fs/cgroup; mkdir main below; echo 1 >main/cgroup.procs; echo \$\$ >main/cgroup.procs; echo +pids >cgroup.subtree_control; echo 9 >below/pids.max; cat below/pids.max; while :; do sleep 1; done\"]"
oci --systemd-cgroup run -d --bundle "$bundle" e </dev/null >"$work/out" 2>&1
divided() { [ "$(cat "$work/out")" = 9 ]; }
ok "a container may divide what is delegated" await divided
is "exec joins its first process" "$(sd exec e cat /proc/self/cgroup)" 0::/main
ok "delete --force of it" sd delete --force e
ok "the scope is gone with what was below" await gone mntns-oci-e.scope
is "no unit of ours has failed" "$(systemctl --failed --plain --no-legend | grep mntns)" ""

# --- cgroups by plain directories, beside systemd's ---
config '.linux.cgroupsPath = "/mntns-test/f" | .linux.resources.pids.limit = 44'
plain() { oci "$@" </dev/null >"$work/out" 2>&1 || { cat "$work/out"; return 1; }; }
ok "a path of plain directories" plain run -d --bundle "$bundle" f
is "with its limits" "$(cat $top/mntns-test/f/pids.max)" 44
systemctl daemon-reload
is "which systemd leaves alone" "$(cat $top/mntns-test/f/pids.max)" 44
ok "delete" oci delete --force f
rmdir $top/mntns-test

# --- a user's manager ---
user=mntns-vm id=54321
useradd -u $id -m $user 2>/dev/null
echo "$user:400000:65536" | tee -a /etc/subuid >>/etc/subgid
chmod 711 "$work"
ok "the user's manager" loginctl enable-linger $user
ok "is there" await systemctl is-active -q user@$id.service
as() { setpriv --reuid $id --regid $id --init-groups env -i PATH="$PATH" HOME=/home/$user XDG_RUNTIME_DIR=/home/$user/run MNTNS_OCI_SYSTEMD="$MNTNS_OCI_SYSTEMD" "$@"; }
as mkdir -p /home/$user/box/rootfs /home/$user/run
cp -a "$work/box/rootfs/." /home/$user/box/rootfs/
as "$OCI" spec --rootless --bundle /home/$user/box 2>/dev/null || as sh -c 'cd ~/box && "$0" spec --rootless' "$OCI"
own=/user.slice/user-$id.slice/user@$id.service
jq ".process.terminal = false | .process.args = [\"/bin/sh\", \"-c\", \"cat /sys/fs/cgroup/pids.max /sys/fs/cgroup/memory.max; echo end\"] |
	.linux.namespaces |= (. + [{type: \"cgroup\"}] | unique) | .linux.resources = {pids: {limit: 33}, memory: {limit: 33554432}} |
	.mounts |= (map(select(.destination != \"/sys/fs/cgroup\")) + [{destination: \"/sys/fs/cgroup\", type: \"cgroup\", source: \"cgroup\", options: [\"ro\", \"nosuid\"]}]) |
	.linux.cgroupsPath = \"$own/mntns-box\"" /home/$user/box/config.json >/home/$user/box/new && mv /home/$user/box/new /home/$user/box/config.json
chown -R $id:$id /home/$user/box
as mkdir "$top$own/caller"
called() { # as one of the manager's services would
	(echo $BASHPID >"$top$own/caller/cgroup.procs" && as "$OCI" run --bundle /home/$user/box u </dev/null 2>&1)
}
is "has limits for its containers" "$(called | tr '\n' ' ')" "33 33554432 end "
is "nothing is left of it" "$(ls -d $top$own/mntns-box 2>/dev/null)" ""

# --- --systemd-cgroup as that user ---
# What the user is given in /run/user is a mount, made outside of this script's namespace.
mine() {
	nsenter -t 1 -m setpriv --reuid $id --regid $id --init-groups env -i PATH="$PATH" HOME=/home/$user \
		XDG_RUNTIME_DIR=/run/user/$id MNTNS_OCI_SYSTEMD="$MNTNS_OCI_SYSTEMD" "$@"
}
own() { mine "$OCI" --systemd-cgroup --root /home/$user/state "$@"; }
quiet_own() { own "$@" </dev/null >"$work/out" 2>&1 || { cat "$work/out"; return 1; }; }
own_show() { mine systemctl --user show "$1" -P "$2"; }
own_gone() { [ "$(own_show "$1" LoadState)" = not-found ]; }
own_stopped() { [ "$(own state "$1" | jq -r .status)" = stopped ]; }
bus() { mine systemctl --user is-active -q dbus.socket; }
ok "its bus" await bus
own_config() { jq "del(.linux.cgroupsPath, .linux.resources) | $1" /home/$user/box/config.json >/home/$user/box/new && mv /home/$user/box/new /home/$user/box/config.json; }
own_config '.process.args = ["sleep", "1000"] | .linux.resources = {pids: {limit: 33}, memory: {limit: 33554432}, cpu: {quota: 40000, period: 100000}}'
ok "create, from outside its part of the tree" quiet_own create --bundle /home/$user/box --pid-file /home/$user/pid a
scope=mntns-oci-a.scope
is "its scope is the manager's" "$(own_show $scope ControlGroup)" $own/user.slice/$scope
is "the system's has none" "$(show $scope LoadState)" not-found
place=$own/user.slice/$scope/container
is "the process is below it" "$(cut -d: -f3 "/proc/$(</home/$user/pid)/cgroup")" $place
limits() { (cd $top$place && for f in pids.max memory.max cpu.max; do tr '\n' ' ' <$f; done); }
wanted="33 33554432 40000 100000 "
is "the limits" "$(limits)" "$wanted"
ok "start" own start a
ok "the manager reads its units again" mine systemctl --user daemon-reload
is "the limits are as they were" "$(limits)" "$wanted"
is "exec joins it" "$(own exec a cat /proc/self/cgroup)" 0::/
ok "pause" own pause a
is "it is frozen" "$(sed -n 's/^frozen //p' $top$place/cgroup.events)" 1
ok "resume" own resume a
ok "update" own update --pids-limit 34 --memory 40M a
is "of the limits" "$(limits)" "34 $((40 << 20)) 40000 100000 "
ok "kill" own kill a KILL
ok "it stops" await own_stopped a
ok "delete" own delete a
ok "the scope is gone" await own_gone $scope
is "and its cgroup" "$(ls -d $top${place%/*} 2>/dev/null)" ""
own_config '.linux.resources.cpu.cpus = "1"'
refused "a controller that the manager is not given" 1 'cpu.cpus: .* do not pass the cpuset controller on' own run --bundle /home/$user/box b
ok "leaves no scope" await own_gone mntns-oci-b.scope
own_config '.process.args = ["/bin/sh", "-c", "cat /sys/fs/cgroup/pids.max; echo end"]'
is "what asks for no limit has none" "$(own run --bundle /home/$user/box b </dev/null | tr '\n' ' ')" "max end "
callers() { [ -z "$(mine systemctl --user list-units --plain --no-legend 'mntns-oci*')" ]; }
ok "no unit is left" await callers

# --- below podman, as root of its user namespace ---
mkdir -p /home/$user/pod/{tmp,bin}
printf '#!/bin/sh\nMNTNS_OCI_SYSTEMD=%s exec %s "$@"\n' "$MNTNS_OCI_SYSTEMD" "$OCI" >/home/$user/pod/bin/mntns-oci
chmod 755 /home/$user/pod/bin/mntns-oci
cat >/home/$user/pod/storage.conf <<END
[storage]
driver = "vfs"
graphroot = "/home/$user/pod/root"
rootless_storage_path = "/home/$user/pod/root"
runroot = "/home/$user/pod/run"
END
cat >/home/$user/pod/containers.conf <<END
[engine]
cgroup_manager = "systemd"
events_logger = "file"
tmp_dir = "/home/$user/pod/libpod"
runtime_supports_json = ["mntns-oci"]
[containers]
log_driver = "k8s-file"
default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
END
chown -R $id:$id /home/$user/pod
pod() {
	mine env TMPDIR=/home/$user/pod/tmp CONTAINERS_STORAGE_CONF=/home/$user/pod/storage.conf \
		CONTAINERS_CONF=/home/$user/pod/containers.conf podman --runtime /home/$user/pod/bin/mntns-oci "$@" </dev/null
}
pod_import() { tar -C /home/$user/box/rootfs -c . | mine env TMPDIR=/home/$user/pod/tmp CONTAINERS_STORAGE_CONF=/home/$user/pod/storage.conf \
	CONTAINERS_CONF=/home/$user/pod/containers.conf podman import -q - bb; }
ok "an image" pod_import
is "podman run, with limits" "$(pod run --rm --network none --memory 64m --pids-limit 44 bb sh -c 'cat /sys/fs/cgroup/pids.max /sys/fs/cgroup/memory.max' 2>&1 | tr '\n' ' ')" "44 $((64 << 20)) "
ok "run -d" pod run -d --name long --network none bb sleep 1000
scope=$(mine systemctl --user list-units --plain --no-legend --type=scope 'libpod-*' | cut -d' ' -f1)
like "it is in a scope of the user's manager" "$scope" '^libpod-[0-9a-f]{64}.scope$'
is "exec" "$(pod exec long cat /proc/self/cgroup)" 0::/
ok "rm -f" pod rm -f -t 0 long
ok "the scope is gone" await own_gone "$scope"
loginctl disable-linger $user
systemctl stop user@$id.service
is "no state is left" "$(ls "$oci_root")" ""
finish
