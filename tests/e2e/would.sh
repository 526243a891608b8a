#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# What the model says of the live machine comes true: the example `would` foretells what operations
# change in each namespace, then they are carried out, and the tables are compared.
. "$(dirname "$0")/../lib/tap.sh"
dest=$work/dest t=$work/t
meson install -C "$BUILD_DIR" --no-rebuild --quiet --destdir "$dest"
pc=$(find "$dest" -name mntns.pc)
cc=(gcc) sanitize=()
# shellcheck disable=SC2054
[ -z "${SANITIZED:-}" ] || cc=(clang) sanitize=(-fsanitize=address,undefined)
# shellcheck disable=SC2046
ok "the example builds" "${cc[@]}" -std=c11 "${sanitize[@]}" -o "$work/would" "$source_root/examples/library/would.c" \
	$(PKG_CONFIG_PATH=${pc%/*} PKG_CONFIG_SYSROOT_DIR=$dest pkg-config --cflags --libs mntns)
export LD_LIBRARY_PATH=${pc%/pkgconfig/*}

# A shared tree; a namespace that is its peer, a slave of it, and a slave that passes on.
mkdir "$t"
mount -t tmpfs tree "$t"
mount --make-shared "$t"
mkdir "$t"/{a,b,c,d,e}
mount -t tmpfs a "$t/a"
mkdir -p "$t/a/in"
namespaces=(self)
sleeper() { # CHANGE: a copy of this namespace, after it
	unshare -m --propagation unchanged sh -c "$1; touch '$work/ready'; exec sleep 3600" &
	namespaces+=($!)
	until [ -e "$work/ready" ]; do sleep 0.05; done
	rm "$work/ready"
}
sleeper :
sleeper "mount --make-rslave '$t'"
sleeper "mount --make-rslave '$t'; mount --make-rshared '$t'"

# changes BEFORE AFTER: of copies of a mountinfo, a line for each mount; diff has one for each field.
# The one cgroup2 has other options whenever somebody mounts it anew.
changes() { "$MNTNS" diff -rn -o CHANGE,TARGET "$@" | sed -E 's/^(changed|moved)/~/; s/^added/+/; s/^removed/-/; /^~ .*cgroup/d'; }
number=0
try() { # WHAT OPS
	local ns inode foretold="" done=""
	number=$((number + 1))
	"$MNTNS" snapshot >"$work/before" 2>/dev/null
	if ! "$work/would" "$2" "$work/before" >"$work/would.out" 2>&1; then
		fail "$1: foretold" "$(cat "$work/would.out")"
		return
	fi
	for ns in "${namespaces[@]}"; do cp "/proc/$ns/mountinfo" "$work/$ns.before"; done
	printf '%s\n' "$2" >"$work/ops"
	if ! "$MNTNS" ops --exec -f "$work/ops" -- true >"$work/ops.out" 2>&1; then
		fail "$1: carried out" "$(cat "$work/ops.out")"
		return
	fi
	for ns in "${namespaces[@]}"; do
		inode=$(readlink "/proc/$ns/ns/mnt")
		cp "/proc/$ns/mountinfo" "$work/$ns.after"
		foretold+="$inode"$'\n'$(grep -F "$inode" "$work/would.out" | sed -E 's/^.*: ([-+~] .*) \([a-z,]*\)$/\1/' | sort -u)$'\n'
		done+="$inode"$'\n'$(changes "$work/$ns.before" "$work/$ns.after" | sort -u)$'\n'
	done
	is "$1" "$foretold" "$done"
}
try "a bind arrives" "bind $t/a $t/b"
like "and it was foretold for all four" "$(grep -c "+ $t/b" "$work/would.out")" '^4$'
try "a new file system, and one on it" "tmpfs $t/c
mkdir $t/c/in
tmpfs $t/c/in"
try "a tree is bound" "rbind $t/a $t/d"
try "types" "make-slave $t/b
make-rprivate $t/c"
try "a mount on what is private now" "tmpfs $t/c/in"
try "attributes, of one mount" "set-attr $t/a ro nosuid"
try "a move off a private mount" "move $t/c/in $t/e"
try "umounts" "umount $t/e
umount $t/b
umount $t/a lazy"
try "the whole tree goes" "umount $t lazy"
finish
