#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mntns-oci --systemd-cgroup with a systemd that is real: a Debian of its own, booted in namespaces
# and cgroups of its own. The scope is looked at through systemctl.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/debian.sh"
. "$(dirname "$0")/../lib/oci.sh"
HELPER=$(realpath "${OCI_SYSTEMD:-$(dirname "$OCI")/mntns-oci-systemd}")
machine=$work/machine
name=mntns-test-systemd-$$

# --- without systemd ---
make_bundle "$work/bundle"
export MNTNS_OCI_SYSTEMD=$HELPER
no_bus() { DBUS_SYSTEM_BUS_ADDRESS=unix:path=/nowhere oci --systemd-cgroup "$@"; }
refused "without systemd it says so" 1 'systemd is not running' no_bus run --bundle "$bundle" n
refused "or that its part is missing" 1 "/nowhere cannot be executed" env MNTNS_OCI_SYSTEMD=/nowhere \
	"$OCI" --root "$oci_root" --systemd-cgroup run --bundle "$bundle" n
is "and leaves no container" "$(oci list -q)" ""
change '.linux.cgroupsPath = "/a/b"'
refused "a path is no name of a unit" 1 'is not of systemd' oci --systemd-cgroup run --bundle "$bundle" n
change '.linux.cgroupsPath = "system.slice:p:n"'
refused "a name of a unit is no path" 1 'needs --systemd-cgroup' oci run --bundle "$bundle" n

# --- a machine ---
debian_root "$machine" systemd,systemd-sysv,dbus,dbus-user-session,libpam-systemd
mkdir -p "$machine/mntns"
cp "$OCI" "$HELPER" "$machine/mntns/"
make_bundle "$machine/mntns/bundle"
hierarchies() { # DIRECTORY of each that is mounted
	awk '$5 ~ "^/sys/fs/cgroup/" && / - cgroup2? / { print $5 }' /proc/self/mountinfo
}
for h in $(hierarchies); do
	mkdir "$h/$name"
	[ ! -e "$h/cpuset.cpus" ] || for f in cpuset.cpus cpuset.mems; do cat "$h/$f" >"$h/$name/$f"; done
done
remove_machine() {
	[ -z "${init:-}" ] || kill -9 "$init"
	for _ in $(seq 50); do
		for h in $(hierarchies); do find "$h/$name" -depth -type d -exec rmdir {} + 2>/dev/null; done
		[ -n "$(find /sys/fs/cgroup -maxdepth 2 -name "$name" -print -quit)" ] || return
		sleep 0.1
	done
}
trap 'remove_machine; at_exit' EXIT
cat >"$work/boot" <<'END'
set -e
mount --bind "$1" "$1"
mount --make-rprivate /
list=$(awk '$5 ~ "^/sys/fs/cgroup/" && / - cgroup2? / { n = $5; sub(".*/", "", n); print n }' /proc/self/mountinfo)
mount -t proc proc "$1/proc"
mount -t sysfs -o ro sysfs "$1/sys"
mount -t tmpfs tmpfs "$1/sys/fs/cgroup"
for h in $list; do
	mkdir "$1/sys/fs/cgroup/$h"
	case $h in
	unified) type=cgroup2 o=rw ;;
	systemd) type=cgroup o=none,name=systemd ;;
	*) type=cgroup o=$h ;;
	esac
	mount -t $type -o $o cgroup "$1/sys/fs/cgroup/$h"
done
mount -t tmpfs tmpfs "$1/run"
mount -t tmpfs tmpfs "$1/tmp"
mount -t tmpfs tmpfs "$1/dev"
for d in null zero full random urandom tty; do mknod -m 666 "$1/dev/$d" c $(stat -c '0x%t 0x%T' /dev/$d); done
mkdir "$1/dev/pts" "$1/dev/shm"
mount -t devpts -o newinstance,ptmxmode=0666 devpts "$1/dev/pts"
ln -s pts/ptmx "$1/dev/ptmx"
cd "$1"
pivot_root . mnt
umount -l /mnt
exec env -i container=mntns PATH=/usr/sbin:/usr/bin /usr/lib/systemd/systemd --log-target=console --log-level=notice
END
(
	for h in $(hierarchies); do echo $BASHPID >"$h/$name/cgroup.procs"; done
	exec unshare -C -m -p -u -i -f --kill-child bash "$work/boot" "$machine"
) <&- >"$work/console" 2>&1 &
outer=$!
within() { nsenter -t "$init" -a "$@"; }
booted() {
	init=$(pgrep -P "$outer") && [ "$(within systemctl is-system-running 2>/dev/null)" ] &&
		within systemctl is-active -q dbus.socket
}
for _ in $(seq 200); do booted && break; sleep 0.1; done
if ! booted; then
	fail "systemd boots" "$(tail -n 20 "$work/console")"
	finish
	exit
fi
pass "systemd boots"
sd() { within /mntns/mntns-oci --systemd-cgroup --root /run/mntns-oci "$@"; }
quiet() { sd "$@" </dev/null >"$work/out" 2>&1; } # one that stays has no pipe of ours
export MNTNS_OCI_SYSTEMD=/mntns/mntns-oci-systemd
bundle=$machine/mntns/bundle
show() { within systemctl show "$1" -P "$2"; }
# cgroup_of PID: as the machine sees it, each once
cgroups_in() { within sed 's/^[0-9]*:[^:]*://' "/proc/$1/cgroup" | sort -u; }
stopped() { [ "$(sd state "$1" | jq -r .status)" = stopped ]; }
gone() { [ "$(show "$1" LoadState)" = not-found ]; }
no_cgroup() { [ -z "$(within find /sys/fs/cgroup -name "$1")" ]; }

# --- a life ---
change '.process.args = ["/bin/sh", "-c", "echo hello; while :; do sleep 1; done"] |
	.linux.cgroupsPath = "mntns-test.slice:mntns:a" |
	.linux.resources.pids.limit = 77 |
	.linux.resources.memory.limit = 67108864'
ok "create" quiet create --bundle /mntns/bundle --pid-file /run/pid a
scope=mntns-a.scope place=/mntns.slice/mntns-test.slice/mntns-a.scope
pid=$(within cat /run/pid)
is "its scope is active" "$(show $scope ActiveState)" active
is "in the slice that was asked for" "$(show $scope Slice)" mntns-test.slice
is "and delegated" "$(show $scope Delegate)" yes
is "where the record says" "$(show $scope ControlGroup)" $place
is "the process is in it, and in every hierarchy there" "$(cgroups_in "$pid")" $place
is "nothing but the process is in it" "$(within cat /sys/fs/cgroup/systemd$place/cgroup.procs)" "$pid"
is "state" "$(sd state a | jq -r .status)" created
refused "the name is taken" 1 'exists already' sd create --bundle /mntns/bundle a
refused "of a unit too, by another's container" 1 'mntns-a.scope: systemd did not start it' \
	sd --root /run/other create --bundle /mntns/bundle a
is "whose failure leaves this one as it was" "$(show $scope ActiveState) $(sd state a | jq -r .status)" "active created"
ok "start" sd start a
is "running" "$(sd state a | jq -r .status)" running
is "the limit of processes" "$(within cat /sys/fs/cgroup/pids$place/pids.max)" 77
is "and of memory" "$(within cat /sys/fs/cgroup/memory$place/memory.limit_in_bytes)" 67108864
devices=$(within cat /sys/fs/cgroup/devices$place/devices.list)
unlike "devices are limited" "$devices" '^a '
ok "systemd reads its units again" within systemctl daemon-reload
ok "and is executed again" within systemctl daemon-reexec
is "the limits are as they were" "$(within cat /sys/fs/cgroup/{pids$place/pids.max,memory$place/memory.limit_in_bytes})" "$(printf '77\n67108864')"
is "and the rules of devices" "$(within cat /sys/fs/cgroup/devices$place/devices.list)" "$devices"
is "the process too" "$(cgroups_in "$pid")" $place
is "exec joins it" "$(sd exec a sed 's/^[0-9]*:[^:]*://' /proc/self/cgroup | sort -u)" /
quiet exec a sleep 50 &
exec_in() { [ "$(within cat /sys/fs/cgroup/systemd$place/cgroup.procs | wc -l)" -ge 3 ]; }
ok "as systemd sees" await exec_in
ok "pause" sd pause a
ok "resume" sd resume a
ok "update" sd update --pids-limit 78 a
is "which systemd does not undo" "$(within cat /sys/fs/cgroup/pids$place/pids.max)" 78
ok "kill" sd kill a KILL
ok "it stops" await stopped a
ok "delete" sd delete a
ok "the scope is gone" await gone $scope
ok "and its cgroups" await no_cgroup $scope
refused "the container too" 1 'does not exist' sd state a

# --- the other ways ---
change 'del(.linux.cgroupsPath) | .process.args = ["/bin/sh", "-c", "ls /sys/fs/cgroup; echo end"] |
	.mounts += [{destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup", options: ["ro"]}]'
like "run, with the cgroups mounted inside" "$(sd run --bundle /mntns/bundle b | tr '\n' ' ')" 'systemd.* end'
ok "leaves no scope" await gone mntns-oci-b.scope
ok "nor cgroup" await no_cgroup mntns-oci-b.scope
change '.process.args = ["/bin/sh", "-c", "trap exit TERM; while :; do sleep 0.1; done"]'
ok "without a path it is below system.slice" quiet run -d --bundle /mntns/bundle c
is "and has its name" "$(show mntns-oci-c.scope ControlGroup)" /system.slice/mntns-oci-c.scope
ok "systemctl stop ends it" within systemctl stop mntns-oci-c.scope
ok "it stops" await stopped c
ok "and can be deleted" sd delete c
ok "with all its cgroups" await no_cgroup mntns-oci-c.scope
change '.process.args = ["/none"]'
refused "a program that is not there" 127 'executable file not found' sd run --bundle /mntns/bundle d
ok "leaves no scope" await gone mntns-oci-d.scope
change '.process.args = ["sleep", "100"]'
ok "one whose record is lost" quiet run -d --bundle /mntns/bundle e
within sh -c 'echo >/run/mntns-oci/e/state.json'
ok "is deleted by its place" sd delete --force e
ok "with its unit" await gone mntns-oci-e.scope
change '.process.args = ["true"] | .linux.cgroupsPath = "none--such.slice:p:f"'
refused "a slice that cannot be" 1 'is not the name of a slice' sd run --bundle /mntns/bundle f

# --- an ordinary user's own manager ---
id=4321 home=/run/user/4321
within useradd -u $id -m mu
user() {
	within setpriv --reuid $id --regid $id --init-groups --inh-caps=-all env -i PATH="$PATH" HOME=/home/mu \
		XDG_RUNTIME_DIR=$home MNTNS_OCI_SYSTEMD="$MNTNS_OCI_SYSTEMD" "$@"
}
own() { user /mntns/mntns-oci --systemd-cgroup --root /home/mu/state "$@"; }
quiet_own() { own "$@" </dev/null >"$work/out" 2>&1 || { cat "$work/out"; return 1; }; }
own_show() { user systemctl --user show "$1" -P "$2"; }
own_gone() { [ "$(own_show "$1" LoadState)" = not-found ]; }
own_stopped() { [ "$(own state "$1" | jq -r .status)" = stopped ]; }
manager() { user systemctl --user is-active -q dbus.socket; }
bundle=$machine/mntns/user
cp -a "$machine/mntns/bundle/rootfs" "$work/rootfs"
mkdir "$bundle" && mv "$work/rootfs" "$bundle/"
chown -R $id:$id "$bundle"
user /mntns/mntns-oci spec --rootless --bundle /mntns/user
change '.process.terminal = false | .process.args = ["sleep", "1000"]'
cp "$bundle/config.json" "$work/user.json"
config() { jq "$1" "$work/user.json" >"$bundle/config.json"; }
refused "a user's without a manager says so" 1 '4321/bus: No such file.*enable-linger' own run --bundle /mntns/user a
refused "or without a place to look for one" 1 'XDG_RUNTIME_DIR is not set' \
	user env -u XDG_RUNTIME_DIR /mntns/mntns-oci --systemd-cgroup --root /home/mu/state run --bundle /mntns/user a
is "and leaves no container" "$(own list -q)" ""
within loginctl enable-linger mu
ok "with one" await manager
ok "create, from outside its part of the cgroups" quiet_own create --bundle /mntns/user --pid-file /home/mu/pid a
scope=mntns-oci-a.scope place=/user.slice/user-$id.slice/user@$id.service/user.slice/$scope
pid=$(within cat /home/mu/pid)
is "its scope is active" "$(own_show $scope ActiveState)" active
is "in user.slice of that" "$(own_show $scope ControlGroup)" $place
is "the process is in it" "$(within grep -E '^0:|name=systemd' "/proc/$pid/cgroup" | cut -d: -f3 | sort -u)" $place
ok "the system's manager has none" gone $scope
refused "the name is taken" 1 'mntns-oci-a.scope: systemd did not start it' \
	user /mntns/mntns-oci --systemd-cgroup --root /home/mu/other create --bundle /mntns/user a
ok "start" own start a
is "exec joins it" "$(own exec a grep -E '^0:|name=systemd' /proc/self/cgroup | cut -d: -f3 | sort -u)" /
ok "pause" own pause a
is "is of v2's freezer" "$(within cat /sys/fs/cgroup/unified$place/cgroup.freeze)" 1
ok "resume" own resume a
refused "update of a limit that a user is not given" 1 'pids.limit: ' own update --pids-limit 5 a
ok "kill" own kill a KILL
ok "it stops" await own_stopped a
ok "delete" own delete a
ok "the scope is gone" await own_gone $scope
ok "and its cgroups" await no_cgroup $scope
config '.linux.resources.pids.limit = 33'
refused "nor has it at the start" 1 'pids.limit: .* no controller of cgroup v1' own run --bundle /mntns/user b
ok "which leaves no scope" await own_gone mntns-oci-b.scope
config '.linux.cgroupsPath = "mntns-test.slice:mntns:c" | .process.args = ["id", "-u"]'
is "run, as a service of its manager's" "$(user systemd-run --user --pipe --wait -q -E MNTNS_OCI_SYSTEMD="$MNTNS_OCI_SYSTEMD" \
	/mntns/mntns-oci --systemd-cgroup run --bundle /mntns/user c </dev/null 2>&1)" 0
config '.process.args = ["sleep", "1000"] | del(.linux.uidMappings, .linux.gidMappings) | .linux.namespaces |= map(select(.type != "user"))'
cat >"$machine/mntns/in-ns" <<'END'
set -e
oci="/mntns/mntns-oci --systemd-cgroup --root /home/mu/state"
$oci run -d --bundle /mntns/user d
systemctl --user show mntns-oci-d.scope -P ControlGroup >/home/mu/place
$oci exec d true
$oci delete --force d
END
in_ns() { user unshare -U -r -m sh /mntns/in-ns </dev/null >"$work/out" 2>&1 || { cat "$work/out"; return 1; }; }
ok "run, exec and delete by root of a user namespace, as below podman" in_ns
is "whose scope was the user's too" "$(within cat /home/mu/place)" "${place%/*}/mntns-oci-d.scope"
ok "the scope is gone" await own_gone mntns-oci-d.scope
config '.process.args = ["/bin/sh", "-c", "trap exit TERM; while :; do sleep 0.1; done"]'
ok "one whose record is lost" quiet_own run -d --bundle /mntns/user e
user sh -c 'echo >/home/mu/state/e/state.json'
ok "is deleted by its place" own delete --force e
ok "with its unit" await own_gone mntns-oci-e.scope
callers() { [ -z "$(user systemctl --user list-units --plain --no-legend 'mntns-oci*')" ]; }
ok "no scope of a caller's stays" await callers
ok "one whose record is lost, and the way to the manager" quiet_own run -d --bundle /mntns/user g
user sh -c 'echo >/home/mu/state/g/state.json'
ok "is deleted too" user env -u XDG_RUNTIME_DIR /mntns/mntns-oci --root /home/mu/state delete --force g
ok "with its cgroups" no_cgroup mntns-oci-g.scope
ok "one whose manager ends" quiet_own run -d --bundle /mntns/user f
within loginctl disable-linger mu
within systemctl stop user@$id.service
ok "stops" own_stopped f
ok "and is deleted without one" own delete f
is "no container of the user's is left" "$(own list -q)" ""
is "no unit has failed" "$(within systemctl --failed --plain --no-legend)" ""
is "no container is left" "$(sd list -q)" ""
finish
