#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mntns snapshot: what it says of the live machine, that it comes back, and what is refused.
. "$(dirname "$0")/../lib/tap.sh"
snapshot() { "$MNTNS" snapshot "$@" 2>/dev/null; }
# json FILE EXPRESSION: of the document d
json() { python3 -c 'import json, sys; d = json.load(open(sys.argv[1])); print(eval(sys.argv[2]))' "$@"; }
me=$(readlink /proc/self/ns/mnt)
inode=${me//[^0-9]/}

# A mount point and a source of odd bytes, of which a process holds one open.
odd=$work/$(printf 'odd \377\n\t"\\303\\')
long=$work/$(printf 'x%.0s' {1..200})
mkdir "$odd" "$long"
mount -t tmpfs "$(printf 'no \376 source')" "$odd"
mount -t tmpfs -o ro,nosuid,noatime long "$long"
mount --make-shared "$long"
(cd "$odd" && exec sleep 1051) &
user=$!
until [ "$(readlink "/proc/$user/exe")" = "$(realpath "$(command -v sleep)")" ]; do sleep 0.01; done
mkdir "$work/deep"
touch "$work/pin"
unshare --mount --propagation private sleep 1052 &
other=$!
until [ "$(readlink "/proc/$other/exe")" = "$(realpath "$(command -v sleep)")" ]; do sleep 0.01; done

ok "a snapshot of the machine" sh -c '"$1" snapshot >"$2"' sh "$MNTNS" "$work/all.json"
is "version 1" "$(json "$work/all.json" 'd["version"]')" 1
is "it is taken from here" "$(json "$work/all.json" 'd["namespaces"][d["self"]]["inode"]')" "$inode"
is "with all mounts" "$(json "$work/all.json" 'len(d["namespaces"][d["self"]]["mounts"])')" "$(wc -l </proc/self/mountinfo)"
is "and other namespaces" "$(json "$work/all.json" '[n["inode"] for n in d["namespaces"]].count('"$(readlink "/proc/$other/ns/mnt" | tr -dc 0-9)"')')" 1
is "the same bytes come back" "$(snapshot --from "$work/all.json" | cmp - "$work/all.json" && echo same)" same
is "through a pipe" "$(snapshot --from - <"$work/all.json" | cmp - "$work/all.json" && echo same)" same
is "and the shell's <()" "$(snapshot --from <(cat "$work/all.json") | cmp - "$work/all.json" && echo same)" same
is "the mount point is there, byte for byte" "$(python3 - "$work/all.json" "$odd" <<'END'
import json, os, re, sys
d = json.load(open(sys.argv[1]))
def text(s):
    if isinstance(s, str):
        return s.encode()
    return re.sub(rb"\\([0-7]{3})", lambda m: bytes([int(m[1], 8)]), s["bytes"].encode())
mounts = [m for m in d["namespaces"][d["self"]]["mounts"] if text(m["target"]) == os.fsencode(sys.argv[2])]
uses = [u for u in d["uses"] if u["kind"] == "cwd" and u.get("mount") == mounts[0]["id"]]
print(len(mounts), text(mounts[0]["source"]), text(uses[0]["path"]) == os.fsencode(sys.argv[2]),
      d["processes"][uses[0]["process"]]["command"])
END
)" "1 b'no \\xfe source' True sleep 1051"
is "attributes and group in their words" \
	"$(json "$work/all.json" '[(m["vfs-options"], m["shared"] > 0) for m in d["namespaces"][d["self"]]["mounts"] if m.get("source") == "long"]')" \
	"[('ro,nosuid,noatime', True)]"
unlike "no control character is in it" "$(LC_ALL=C grep -c "$(printf '[\001-\011\013-\037\177]')" "$work/all.json")" '[1-9]'

is "one namespace" "$(snapshot "$user" >"$work/one.json"; json "$work/one.json" '[n["inode"] for n in d["namespaces"]]')" "[$inode]"
is "with its processes" "$(json "$work/one.json" '[p["pid"] for p in d["processes"]].count('$user')')" 1
is "and without those of others" "$(json "$work/one.json" '[p["pid"] for p in d["processes"] if p.get("namespace") == 0].count('$other')')" 0
is "taken out of a snapshot" "$(snapshot --from "$work/all.json" "mnt:[$inode]" | snapshot --from - self | python3 -c 'import json, sys; print(json.load(sys.stdin)["namespaces"][0]["inode"])')" "$inode"
is "all is the default" "$(snapshot --from "$work/all.json" all | cmp - "$work/all.json" && echo same)" same

cp /proc/self/mountinfo "$work/mountinfo"
is "a copy of mountinfo becomes one" "$(snapshot --from "$work/mountinfo" >"$work/copy.json"; json "$work/copy.json" 'len(d["namespaces"][0]["mounts"])')" "$(wc -l <"$work/mountinfo")"
is "with the mounts that the live one has" "$(json "$work/copy.json" '[{k: v for k, v in m.items() if k != "unique"} for m in d["namespaces"][0]["mounts"]]')" \
	"$(json "$work/all.json" '[{k: v for k, v in m.items() if k != "unique"} for m in d["namespaces"][d["self"]]["mounts"]]')"

ls_from() { "$MNTNS" ls --from "$@"; }
: >"$work/empty"
mkfifo "$work/fifo"
head -c 700 "$work/all.json" >"$work/cut.json"
sed 's/"version": 1/"version": 2/' "$work/all.json" >"$work/newer.json"
sed 's/"self": [0-9]*/"self": 4000000/' "$work/all.json" >"$work/self.json"
sed 's/"id": [0-9]*, "parent"/"id": 7, "parent"/' "$work/all.json" >"$work/ids.json"
printf '22 1 0:1 / / rw - x y z\n\0' >"$work/nul"
refused "no such file" 1 "^mntns ls: $work/none: No such file" ls_from "$work/none"
refused "an empty file" 1 "^mntns ls: $work/empty: it is empty: expected a snapshot of mntns" ls_from "$work/empty"
refused "a directory" 1 "^mntns ls: $work/deep: it is a directory" ls_from "$work/deep"
refused "a FIFO without a writer" 1 "^mntns ls: $work/fifo: it is a FIFO" ls_from "$work/fifo"
refused "a device" 1 "^mntns ls: /dev/null: it is empty" ls_from /dev/null
refused "one that is cut off" 1 "^mntns ls: $work/cut.json:[0-9]+: no JSON: " ls_from "$work/cut.json"
refused "one of a later version" 1 "^mntns ls: $work/newer.json: \.version: the snapshot has version 2 .* a newer mntns reads it" ls_from "$work/newer.json"
refused "an index out of range" 1 "^mntns ls: $work/self.json: \.self: there is no such namespace" ls_from "$work/self.json"
refused "two mounts of one id" 1 "^mntns ls: $work/ids.json: \.namespaces\[0\]\.mounts: mount id 7 stands for two mounts" ls_from "$work/ids.json"
refused "a program" 1 "^mntns ls: $MNTNS: it is something else: expected" ls_from "$MNTNS"
refused "a NUL byte" 1 "^mntns ls: $work/nul is no mountinfo: it holds a NUL byte" ls_from "$work/nul"
refused "a namespace that is not there" 1 "no mount namespace 'mnt:\[4\]'" "$MNTNS" snapshot 'mnt:[4]'
refused "two namespaces" 2 "'other': expected one namespace" "$MNTNS" snapshot self other
refused "a full disk" 1 'standard output: No space left' sh -c '"$1" snapshot >/dev/full' sh "$MNTNS"
kill "$user" "$other"
finish
