#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mntns leaks: mounts whose owner is gone, each kind once with a live owner beside it.
PINS=yes
. "$(dirname "$0")/../lib/tap.sh"
leaks() { "$MNTNS" leaks "$@" 2>"$work/gaps"; }
# Only those of this test: others make leaks of their own at the same time.
ours() { leaks -r -n -o kind,owner,ns,target,evidence,release | grep -F "$work"; }
own=$(stat -L -c %i /proc/self/ns/mnt)
mounted() { mkdir -p "$1" && mount -t tmpfs leak "$1"; }
dead=$(printf '%064d' "$$")
alive=$(printf '%063df' "$$")
pod=0f1e2d3c-0000-4000-8000-$(printf '%012d' "$$")
live_pod=0f1e2d3c-0000-4000-9000-$(printf '%012d' "$$")

# A process whose cgroup says that it is of a live pod and container.
hierarchy=$(awk '$9 == "cgroup" && /name=systemd/ { print $5; exit }' /proc/self/mountinfo)
[ -n "$hierarchy" ] || hierarchy=$(awk '/ - cgroup2 / { print $5; exit }' /proc/self/mountinfo)
group=$hierarchy/mntns-leaks-$$.slice/kubepods-pod${live_pod//-/_}.slice/cri-containerd-$alive.scope
mkdir -p "$group"
remove_group() {
	while [ "$group" != "$hierarchy" ]; do
		until rmdir "$group" 2>/dev/null; do sleep 0.05; done
		group=$(dirname "$group")
	done
}
trap 'at_exit; remove_group' EXIT
sleep 3600 &
living=$!
echo "$living" >"$group/cgroup.procs"

mounted "$work/kubelet/pods/$pod/volumes/secret"
mounted "$work/kubelet/pods/$live_pod/volumes/secret"
mounted "$work/docker/containers/$dead/mounts/shm"
mounted "$work/docker/containers/$alive/mounts/shm"
gone=$(ours)
is "a pod and a container without process and cgroup" "$(cut -d' ' -f1-4 <<<"$gone")" \
	"$(printf 'pod %s %s %s\ncontainer %s %s %s' "$pod" "$own" "$work/kubelet/pods/$pod/volumes/secret" "$dead" "$own" "$work/docker/containers/$dead/mounts/shm")"
like "with the evidence" "$(head -1 <<<"$gone")" 'no.x20process.x20of.x20this.x20pod,.x20no.x20cgroup umount'
like "and the command" "$gone" "umount.x20$work/docker/containers/$dead/mounts/shm$"
kill "$living"
wait "$living" 2>/dev/null
is "a cgroup alone is a sign of life" "$(ours | wc -l)" 2
remove_group
is "without it both are gone" "$(ours | wc -l)" 4
umount "$work/kubelet/pods/$live_pod/volumes/secret" "$work/docker/containers/$alive/mounts/shm"

# An overlay as a container's root: alive as long as somebody lives there.
merged=$work/docker/overlay2/$dead/merged
mkdir -p "$merged" "$work/lower"
make_root "$work/lower"
mount -t overlay overlay -o "lowerdir=$work/lower:$work/kubelet" "$merged"
chroot "$merged" /bin/sleep 3601 &
inside=$!
until [ "$(readlink /proc/$inside/root)" = "$merged" ]; do sleep 0.01; done
unlike "a container's root with a process" "$(ours)" '^container.x20root'
kill "$inside"
wait "$inside" 2>/dev/null
like "and without one" "$(ours)" "^container.x20root $dead $own $merged no.x20process.x20uses"

mkdir "$work/source" "$work/shown"
mount --bind "$work/source" "$work/shown"
rmdir "$work/source"
like "a mount of a removed directory" "$(ours)" "^directory [^ ]*source//deleted $own $work/shown the.x20directory"

mkdir -p "$work/systemd-private-0123456789abcdef0123456789abcdef-mntns-none.service-a1B2c3/tmp" "$work/tmp"
mount --bind "$work/systemd-private-0123456789abcdef0123456789abcdef-mntns-none.service-a1B2c3/tmp" "$work/tmp"
like "a unit's private /tmp" "$(ours)" "^unit mntns-none.service $own $work/tmp no.x20process.x20of.x20this.x20unit"

mkdir -p "$work/docker/netns"
touch "$work/docker/netns/dead" "$work/docker/netns/live"
unshare -n sleep 3602 &
net=$!
until [ "$(cat /proc/$net/comm)" = sleep ]; do sleep 0.01; done
unshare -n mount --bind /proc/self/ns/net "$work/docker/netns/dead"
unshare -n sh -c 'mount --bind /proc/self/ns/net "$1"' - "$work/docker/netns/dead"
mount --bind "/proc/$net/ns/net" "$work/docker/netns/live"
like "a network namespace that nobody is in" "$(ours)" "^netns dead $own $work/docker/netns/dead no.x20process.x20is.x20in"
unlike "one with a process is none" "$(ours)" "netns/live"
kill "$net"

# In another namespace, with something mounted on top.
mounted "$work/kubelet/pods/$pod/volumes/two"
unshare -m --propagation private sleep 3603 &
other=$!
until [ "$(cat /proc/$other/comm)" = sleep ]; do sleep 0.01; done
other_ns=$(stat -L -c %i /proc/$other/ns/mnt)
umount "$work/kubelet/pods/$pod/volumes/two"
nsenter -t "$other" -m sh -c 'mkdir "$1/on"; mount -t tmpfs top "$1/on"' - "$work/kubelet/pods/$pod/volumes/two"
like "in another namespace" "$(ours)" "^pod $pod $other_ns $work/kubelet/pods/$pod/volumes/two .* umount.x20-N.x20$other"
is "in JSON" "$(leaks -J | python3 -c 'import json, sys; print(len({l["target"] for l in json.load(sys.stdin)["leaks"] if (l["target"] or "").startswith("'"$work"'") and l["ns"] == '"$other_ns"' and l["target"].endswith("two")}))')" 1

"$MNTNS" snapshot >"$work/snapshot" 2>/dev/null
like "from a snapshot" "$("$MNTNS" leaks -r -n -o kind,owner,target --from "$work/snapshot" 2>"$work/gaps")" "^pod $pod $work/kubelet/pods/$pod/volumes/secret$"
like "what the file does not tell is said" "$(cat "$work/gaps")" 'cgroups or a state in /run is not known'
is "a copy of mountinfo knows removed directories only" "$("$MNTNS" leaks -r -n -o kind,target --from /proc/self/mountinfo 2>"$work/gaps" | grep -F "$work")" "directory $work/shown"
like "and says so" "$(cat "$work/gaps")" 'the file has no processes; only removed directories'
refused "--release of a file" 2 'cannot be released; look at the live machine' "$MNTNS" leaks --release --from "$work/snapshot"
refused "--yes alone" 2 '--yes: only together with --release' "$MNTNS" leaks --yes
refused "two arguments" 2 "'x': expected one namespace" "$MNTNS" leaks self x
refused "a namespace that is not there" 1 "there is no mount namespace 'nowhere'" "$MNTNS" leaks nowhere
refused "without a terminal" 1 'no terminal to ask on' "$MNTNS" leaks --release </dev/null
refused "out of sight of the machine's processes" 1 'wants all processes of the machine in sight' \
	unshare --pid --fork --mount-proc "$MNTNS" leaks --release --yes
is "--dry-run touches nothing" "$(leaks --release --dry-run -n self | grep -c .; ours | wc -l)" "$(leaks -n self | grep -c .; ours | wc -l)"
# One namespace at a time: the machine's own leaks, and those of tests beside us, are not ours.
exec 7<"$work/kubelet/pods/$pod/volumes/secret"
refused "what is busy stays, and is named" 1 "not released: umount $work/kubelet/pods/$pod/volumes/secret: still busy" \
	"$MNTNS" leaks --release --yes self
is "all others are gone" "$(ours | grep -F " $own " | cut -d" " -f1-4)" "pod $pod $own $work/kubelet/pods/$pod/volumes/secret"
exec 7<&-
ok "then it is released too" "$MNTNS" leaks --release --yes self
is "and none is left here" "$(leaks -n self | grep -cF "$work")" 0
ok "those of the other namespace" "$MNTNS" leaks --release --yes "$other"
is "with what was on top" "$(grep -c "$work/kubelet/pods/$pod/volumes/two" "/proc/$other/mountinfo")" 0
ok "the processes there live" kill -0 "$other"
kill "$other"
finish
