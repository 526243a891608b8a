#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Mounts on the root itself, masked and read-only paths that are links, devices that are FIFOs.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/oci.sh"
make_bundle
before=$(table)
map='.linux.namespaces += [{type: "user"}] | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 1000}] | .linux.gidMappings = .linux.uidMappings'
chmod -R a+rX "$work"

# --- a mount on / ---
make_root "$work/other"
echo other >"$work/other/etc/which"
chmod -R a+rX "$work/other"
roots='grep -c "^[0-9]* [0-9]* [^ ]* [^ ]* / " /proc/self/mountinfo'
on_root=".mounts |= [{destination: \"/\", type: \"bind\", source: \"$work/other\", options: [\"bind\"]}] + ."
is "a bind on / is the root" "$(sh_in "cat /etc/which; $roots" "$on_root" | tr '\n' ,)" "other,1,"
is "what is mounted later lies on it" "$(sh_in 'stat -f -c %T /dev /proc' "$on_root" | tr '\n' ,)" "tmpfs,proc,"
is "what was mounted before is gone" "$(sh_in 'grep -c " /tmp " /proc/self/mountinfo' \
	".mounts |= [{destination: \"/tmp\", type: \"tmpfs\"}] + . | .mounts |= [.[0]] + [{destination: \"/\", type: \"bind\", source: \"$work/other\", options: [\"bind\"]}] + .[1:]")" 0
is "with its own attributes" "$(sh_in 'touch /x 2>&1' "${on_root/\"bind\"]/\"bind\", \"ro\"]} | .root.readonly = false")" "touch: /x: Read-only file system"
is "root.readonly is for it as well" "$(sh_in 'touch /x 2>&1' "$on_root")" "touch: /x: Read-only file system"
is "the device nodes are made in it" "$(sh_in 'echo x >/dev/null; ls /dev/zero' "$on_root")" /dev/zero
is "an overlay on /, of the root that it covers" \
	"$(mkdir -p "$work/up" "$work/wk"; sh_in 'echo new >/etc/new; cat /etc/new' ".root.readonly = false | .mounts |= [{destination: \"/\", type: \"overlay\", options: [\"lowerdir=$work/other\", \"upperdir=$work/up\", \"workdir=$work/wk\"]}] + .")" new
is "which keeps what is written" "$(cat "$work/up/etc/new")" new
is "in a user namespace" "$(sh_in "cat /etc/which; $roots; id -u" "$on_root | $map" | tr '\n' ,)" "other,1,0,"
is "with a hook that sees the host's tree" "$(sh_in "cat /etc/which; $roots" "$on_root | .hooks.createContainer = [{path: \"/bin/cat\", args: [\"cat\", \"$bundle/rootfs/etc/which\"]}]" | tr '\n' ,)" "other,other,1,"
is "masks are of the new root's, too" "$(sh_in 'wc -c </proc/keys; wc -c </etc/which' "$on_root | .linux.maskedPaths += [\"/etc/which\"]" | tr '\n' ,)" "0,0,"
ln -s /etc/which "$work/other/dev/null" 2>/dev/null || { mkdir -p "$work/other/dev"; ln -s /etc/which "$work/other/dev/null"; }
is "and do not use a /dev/null of its" "$(sh_in 'cat /etc/secret; stat -c %t:%T /etc/secret' \
	".mounts |= map(select(.destination | startswith(\"/dev\") | not)) | $on_root | .linux.maskedPaths += [\"/etc/secret\"]" 2>&1 <<<"$(echo secret >"$work/other/etc/secret")" | tr '\n' ,)" "1:3,"
rm "$work/other/dev/null"

# --- propagation, ids ---
mkdir "$work/share"
mount -t tmpfs -o mode=755 share "$work/share"
mount --make-shared "$work/share"
tags() { # OPTION…: of a bind of what is shared
	sh_in 'grep " /tmp " /proc/self/mountinfo' ".mounts += [{destination: \"/tmp\", type: \"bind\", source: \"$work/share\", options: [\"rbind\"$(printf ', "%s"' "$@")]}]" |
		sed -E 's/.* (rw|ro),[^ ]* (.*) ?- .*/\2/;s/:[0-9]+//g;s/ *$//'
}
for word in private:'' rprivate:'' shared:shared rshared:shared slave:master rslave:master unbindable:unbindable runbindable:unbindable; do
	is "the mount option ${word%:*}" "$(tags "${word%:*}")" "${word#*:}"
done
umount "$work/share"
root_tags() { sh_in "$roots >/dev/null; grep \"^[0-9]* [0-9]* [^ ]* [^ ]* / \" /proc/self/mountinfo" ".linux.rootfsPropagation = \"$1\"" | grep -oE 'shared|master|unbindable'; }
mount --bind "$bundle/rootfs" "$bundle/rootfs"
mount --make-shared "$bundle/rootfs"
for word in private:'' rprivate:'' slave:master rslave:master shared:shared rshared:shared unbindable:'' runbindable:''; do
	is "rootfsPropagation ${word%:*}" "$(root_tags "${word%:*}" | sort -u | tail -1)" "${word#*:}"
done
umount "$bundle/rootfs"
mkdir "$work/ids" && echo x >"$work/ids/file" && chown 1000:1000 "$work/ids/file"
mapped=".mounts += [{destination: \"/tmp\", type: \"bind\", source: \"$work/ids\", options: [\"bind\", \"idmap\"], uidMappings: [{containerID: 1000, hostID: 5000, size: 10}], gidMappings: [{containerID: 1000, hostID: 6000, size: 10}]}]"
is "a mount with a map of its own" "$(sh_in 'stat -c "%u %g" /tmp/file' "$mapped")" "5000 6000"
chown 3:4 "$work/ids/file"
is "idmap without one is the container's: ids on disk are those inside" "$(sh_in 'stat -c "%u %g" /tmp/file' \
	"$map | .mounts += [{destination: \"/tmp\", type: \"bind\", source: \"$work/ids\", options: [\"bind\", \"idmap\"]}]")" "3 4"

# --- ramfs ---
# at_mnt SCRIPT MOUNT [JQ-FILTER]: with that at /mnt
at_mnt() { sh_in "$1" ".root.readonly = false | .mounts += [{destination: \"/mnt\"} + $2]${3:+ | $3}"; }
# How it is mounted, and what its file system is told.
how='sed -n "s| - | |;s|^[^/]*/ /mnt ||p" /proc/self/mountinfo | tr "\n" ";";'
is "a ramfs" "$(at_mnt "$how stat -c '%a %u:%g' /mnt; echo x >/mnt/x && cat /mnt/x" '{type: "ramfs"}' | tr '\n' ,)" "rw,relatime ramfs none rw;755 0:0,x,"
is "with attributes, a source and a mode" "$(at_mnt "$how stat -c %a /mnt; touch /mnt/x 2>&1" \
	'{type: "ramfs", source: "mem", options: ["nosuid", "noexec", "nodev", "noatime", "ro", "mode=0711"]}' | tr '\n' ,)" \
	"ro,nosuid,nodev,noexec,noatime ramfs mem rw,mode=711;711,touch: /mnt/x: Read-only file system,"
like "and propagation" "$(at_mnt "$how" '{type: "ramfs", options: ["shared"]}')" '^rw,relatime shared:[0-9]+ ramfs'
is "in a user namespace it is that one's" "$(at_mnt 'touch /mnt/x; stat -c %u:%g /mnt /mnt/x' '{type: "ramfs"}' "$map" | tr '\n' ,)" "0:0,0:0,"
refused "a mode that is none" 1 "mounts\[7\]: ramfs: option 'mode=99'" at_mnt true '{type: "ramfs", options: ["mode=99"]}'
mkdir -p "$bundle/rootfs/mnt/dir" && echo below >"$bundle/rootfs/mnt/dir/file"
is "tmpcopyup: with what it covers" "$(at_mnt 'cat /mnt/dir/file; stat -f -c %T /mnt; rm -r /mnt/dir' '{type: "ramfs", options: ["tmpcopyup"]}' | tr '\n' ,)" "below,ramfs,"
is "which stays as it is" "$(cat "$bundle/rootfs/mnt/dir/file")" below
rm -r "$bundle/rootfs/mnt/dir"
like "what a ramfs has no notion of is a warning" "$(at_mnt true '{type: "ramfs", options: ["mode=0700", "sync", "size=1m"]}' 2>&1)" "^mntns-oci: warning: mounts\[7\].options: 'size=1m' does nothing: a ramfs has mode= alone$"
is "its mode is none" "$(at_mnt true '{type: "ramfs", options: ["mode=0700", "nosuid", "sync"]}' 2>&1)" ""

# --- overlay ---
mkdir -p "$work"/{one,two,three,'co:lon','com,ma'}
echo 1 >"$work/one/file"
for dir in one two three co:lon com,ma; do echo "$dir" >"$work/$dir/of-$dir"; done
over() { # SCRIPT OPTIONS [JQ-FILTER]: the options as a JSON array
	rm -rf "$work"/{upper,work}
	mkdir "$work"/{upper,work}
	chown "${owner:-0}:${owner:-0}" "$work"/{upper,work}
	at_mnt "$1" "{type: \"overlay\", source: \"layers\", options: $2}" "${3-}"
}
lower="\"lowerdir=$work/one:$work/two:$work/three\""
upper="\"upperdir=$work/upper\", \"workdir=$work/work\""
is "an overlay of lower layers" "$(over 'ls /mnt; touch /mnt/x 2>&1' "[$lower]" | tr '\n' ,)" "file,of-one,of-three,of-two,touch: /mnt/x: Read-only file system,"
is "with an upper one" "$(over 'echo new >/mnt/x; echo 2 >/mnt/file; rm /mnt/of-two; cat /mnt/x /mnt/file; ls /mnt' "[$lower, $upper]" | tr '\n' ,)" "new,2,file,of-one,of-three,x,"
is "which has what was written" "$(cat "$work/upper/x" "$work/upper/file" "$work/one/file"; stat -c %F "$work/upper/of-two")" "new
2
1
character special file"
like "attributes and options of its own" "$(over "$how" "[$lower, $upper, \"nosuid\", \"nodev\", \"noatime\", \"volatile\", \"metacopy=on\", \"xino=off\"]")" "^rw,nosuid,nodev,noatime overlay layers rw,.*$(since 6.8 redirect_dir=on,.* '')metacopy=on,.*volatile"
is "read-only" "$(over 'touch /mnt/x 2>&1' "[$lower, $upper, \"ro\"]")" "touch: /mnt/x: Read-only file system"
# Before, overlay takes its options in one text, which commas divide.
comma="[\"lowerdir=$work/com,ma:$work/two\"]"
if [ "$(since 6.8 yes no)" = yes ]; then
	is "a layer whose name has a comma" "$(over 'ls /mnt' "$comma" | tr '\n' ,)" "of-com,ma,of-two,"
else
	refused "a layer whose name has a comma" 1 'comma' over true "$comma"
fi
is "one with a colon, escaped" "$(over 'ls /mnt' "[\"lowerdir=$work/co\\\\:lon:$work/two\"]" | tr '\n' ,)" "of-co:lon,of-two,"
is "or as a layer alone" "$(over 'ls /mnt' "[\"lowerdir+=$work/co:lon\", \"lowerdir+=$work/two\"]" | tr '\n' ,)" "of-co:lon,of-two,"
is "in a user namespace" "$(chmod -R a+rX "$work"/{one,two,three}; owner=100000 over 'echo new >/mnt/x; stat -c %u /mnt/x; ls /mnt' "[$lower, $upper]" "$map" | tr '\n' ,)" "0,file,of-one,of-three,of-two,x,"
is "where the upper one has the host's ids" "$(stat -c %u "$work/upper/x")" 100000
refused "one lower layer alone" 1 'mounts\[7\]: overlay: without upper it takes at least two lower layers' over true "[\"lowerdir=$work/one\"]"
refused "upper without work" 1 'mounts\[7\]: overlay: .*upper and work go together' over true "[$lower, \"upperdir=$work/upper\"]"
refused "a layer that is not there" 1 "mounts\[7\]: overlay: $(since 6.8 "option 'lowerdir\+=$work/nope': ")No such file or directory" over true "[\"lowerdir=$work/one:$work/nope\"]"
refused "an option that is none" 1 "mounts\[7\]: overlay: $(since 6.8 "option 'nope=1'" '.*Invalid argument')" over true "[$lower, \"nope=1\"]"

# --- labels as options: without SELinux they are not passed over, as the kernel does on ramfs ---
if ! grep -q selinuxfs /proc/filesystems; then
	for word in context fscontext defcontext rootcontext; do
		for type in ramfs tmpfs overlay; do
			refused "$word of a $type" 1 "mounts\[7\]: $word=u:r:t:s0: this kernel runs without SELinux" at_mnt true "{type: \"$type\", options: [\"$word=u:r:t:s0\"]}"
		done
	done
fi

# --- links to what is masked or protected ---
mkdir -p "$bundle/rootfs/real"
echo secret >"$bundle/rootfs/real/file"
ln -sfn /real "$bundle/rootfs/link"
ln -sfn /real/file "$bundle/rootfs/flink"
ln -sfn ../../../../../../real "$bundle/rootfs/up"
ln -sfn /nowhere "$bundle/rootfs/dangling"
ln -sfn circle "$bundle/rootfs/circle"
is "a masked path that is a link: what it leads to is hidden" "$(sh_in 'ls /real /link' '.linux.maskedPaths += ["/link"]' 2>/dev/null | tr '\n' ,)" "/link:,,/real:,"
is "a file likewise" "$(sh_in 'wc -c </real/file; wc -c </flink' '.linux.maskedPaths += ["/flink"]' | tr '\n' ,)" "0,0,"
is "by a link in between" "$(sh_in 'wc -c </real/file' '.linux.maskedPaths += ["/link/file"]')" 0
is "a link cannot lead out of the root" "$(sh_in 'ls /real' '.linux.maskedPaths += ["/up"]')" ""
is "what a link does not lead to needs no mask" "$(sh_in 'echo here' '.linux.maskedPaths += ["/dangling", "/circle"]')" here
is "a read-only path that is a link" "$(sh_in 'echo x >/real/file' '.linux.readonlyPaths += ["/link"] | .root.readonly = false' 2>&1)" "/bin/sh: can't create /real/file: Read-only file system"
is "a link that leads nowhere needs none either" "$(sh_in 'echo here' '.linux.readonlyPaths += ["/dangling"]')" here
refused "in /proc links are each process's own: the error says so" 1 'linux.maskedPaths: /proc/net: a symbolic link in /proc' sh_in true '.linux.maskedPaths += ["/proc/net"]'
refused "for read-only ones as well" 1 'linux.readonlyPaths: /proc/net: .*symbolic link' sh_in true '.linux.readonlyPaths += ["/proc/net"]'
is "the host's files are as they were" "$(cat "$bundle/rootfs/real/file")" secret

# --- devices ---
fifo='.linux.devices = [{path: "/dev/pipe", type: "p", fileMode: 416, uid: 3, gid: 4}]'
is "a FIFO" "$(sh_in 'stat -c "%F %a %u %g" /dev/pipe' "$fifo")" "fifo 640 3 4"
is "which works" "$(sh_in 'echo through >/dev/pipe & cat /dev/pipe' "$fifo | .process.capabilities[] += [\"CAP_DAC_OVERRIDE\"]")" through
is "in a user namespace" "$(sh_in 'stat -c "%F %a %u %g" /dev/pipe' "$fifo | $map")" "fifo 640 3 4"
refused "refused: a type that is none" 1 'linux.devices\[0\].type: expected c, u, b or p' sh_in true '.linux.devices = [{path: "/dev/x", type: "q"}]'
refused "refused: a device without numbers" 1 'linux.devices\[0\].major: is missing' sh_in true '.linux.devices = [{path: "/dev/x", type: "c"}]'

# --- options that are none ---
refused "a bind's options that are no attributes" 1 'mounts\[7\]' sh_in true ".mounts += [{destination: \"/x\", type: \"bind\", source: \"$work/other\", options: [\"bind\", \"size=3\"]}]"
is "no state is left" "$(ls "$oci_root")" ""
is "the host's mount table is as before" "$(table)" "$before"
finish
