#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# D5: options that become other options, and files that become setuid.
#
# A comma or colon in a name is another option for a file system that is given a string (CVE-2023-0386
# is what a setuid file on an overlay in a user namespace did).
. "$(dirname "$0")/lib.sh"
mkdir -p "$work/volume" "$outside/lower"
echo secret-of-the-host >"$outside/lower/stolen"
layers() { # NAME: an overlay whose lower layer has it
	mkdir -p "$work/layers/$1" "$work/up" "$work/wk"
	echo "content" >"$work/layers/$1/a"
	sh_config 'cat /mnt/a /mnt/stolen 2>/dev/null; :' \
		'add_mount({type: "overlay", source: "overlay", destination: "/mnt", options: ["lowerdir=" + $lower, "upperdir=" + $work + "/up", "workdir=" + $work + "/wk"]})' \
		--arg lower "$work/layers/$1" --arg work "$work"
}
restore_outside
layers plain
prints "the control: an overlay" content
for name in "a:$outside/lower" "a,lowerdir=$outside/lower" "a\\:b" "a,suid" "a b"; do
	layers "$name"
	resists "a layer called ${name:0:30}"
done
for option in "size=1m,mode=7777,uid=5" "mode=0755,source=$outside" "size=-1" "size=1m\\,x" "context=x,y" "size=99999999999999999999" "uid=4294967296" \
	"mode=99999" "nr_inodes=-1" "size=" "=1m" "size=1m=2m" ,; do
	sh_config 'grep " /mnt " /proc/self/mountinfo | grep -c uid=5; :' 'add_mount(plain("tmpfs"; "/mnt"; [$option]))' --arg option "$option"
	launch
	like "a tmpfs with '$option'" "$status $output" '^(0 0$|[1-9][0-9]* .)'
done
userns='.linux.namespaces += [{type: "user"}] | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 65536}]
	| .linux.gidMappings = .linux.uidMappings | del(.linux.resources)'
chmod 777 "$work/volume"
sh_config 'cd /mnt && cat /bin/busybox >sh && chmod 4755 sh; stat -c %u /mnt/sh' "$userns"' | add_mount(bind($volume; "/mnt"; []))' --arg volume "$work/volume"
launch
if [ -e "$work/volume/sh" ]; then
	like "a setuid file of a user namespace is of no user of the host" "$(stat -c %u "$work/volume/sh")" '^1[0-9]{5}$'
fi
like "it ran or was refused" "$status" '^(0|1)$'
# A setuid program of root in the volume, executed by user 1000: with nosuid it gets nothing.
cp "$INTRUDER" "$work/volume/who"
chmod 4755 "$work/volume/who"
for flag in suid nosuid; do
	config '.process.args = ["/mnt/who", "who"] | .process.user = {uid: 1000, gid: 1000} | .process.noNewPrivileges = false
		| add_mount(bind($volume; "/mnt"; [$flag]))' --arg volume "$work/volume" --arg flag $flag
	prints "a setuid program on a $flag volume" "$([ $flag = suid ] && echo 0 || echo 1000)"
done
sh_config 'grep " /mnt " /proc/self/mountinfo | cut -d " " -f 6 | tr , "\n" | grep -c "^no\(suid\|dev\|exec\)$"' 'add_mount(bind($volume; "/mnt"; ["nosuid", "nodev", "noexec"]))' --arg volume "$work/volume"
prints "a volume is nosuid, nodev and noexec as asked" 3
for map in '[{containerID: 0, hostID: 0, size: 4294967296}]' '[{containerID: 0, hostID: 4294967295, size: 2}]' '[]' '[{containerID: 0, hostID: 100000, size: 0}]' \
	'[{containerID: 0, hostID: 100000, size: 10}, {containerID: 5, hostID: 200000, size: 10}]' '[{containerID: 0, hostID: -1, size: 1}]' \
	'[range(341) | {containerID: ., hostID: (. + 1000), size: 1}]'; do
	config '.linux.namespaces += [{type: "user"}] | del(.linux.resources) | .linux.uidMappings = '"$map"' | .linux.gidMappings = .linux.uidMappings'
	denied "a mapping that cannot be: ${map:0:60}"
done
finish
