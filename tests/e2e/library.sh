#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The example programs build against libmntns as it is installed, and see what mntns sees.
. "$(dirname "$0")/../lib/tap.sh"
dest=$work/dest
ok "the library is installed" meson install -C "$BUILD_DIR" --no-rebuild --quiet --destdir "$dest"
pc=$(find "$dest" -name mntns.pc)
export PKG_CONFIG_PATH=${pc%/*} PKG_CONFIG_SYSROOT_DIR=$dest
libdir=${pc%/pkgconfig/*}
include=$(dirname "$(find "$dest" -path '*/mntns/table.h')")
# A library with a sanitizer in it wants a program with the same one.
cc=(gcc) sanitize=()
[ -z "${SANITIZED:-}" ] || cc=(clang) sanitize=(-fsanitize=address,undefined)
build() { # OUTPUT LIBRARY…: of the example that OUTPUT is named after
	# shellcheck disable=SC2046
	"${cc[@]}" -Wall -Wextra -Werror -std=c11 "${sanitize[@]}" $(pkg-config --cflags mntns) \
		-o "$1" "$source_root/examples/library/$(basename "${1%-static}").c" "${@:2}"
}
# shellcheck disable=SC2046
ok "pkg-config says how to build with it" build "$work/where" $(pkg-config --libs mntns)
# shellcheck disable=SC2046
ok "and the static one" build "$work/where-static" "$libdir/libmntns.a" $(PKG_CONFIG_SYSROOT_DIR='' pkg-config --libs jansson)
is "the version is the program's" "mntns $(pkg-config --modversion mntns)" "$("$MNTNS" version)"
# shellcheck disable=SC2046
ok "the example of the model builds" build "$work/would" $(pkg-config --libs mntns)
like "the shared one is asked for by its ABI's name" "$(readelf -d "$work/where")" 'NEEDED.*\[libmntns\.so\.0\]'
unlike "the static one is in it" "$(readelf -d "$work/where-static")" 'libmntns'
exports() { nm --defined-only --extern-only --format=posix "$@" | awk 'NF > 2 && $2 != "A" { sub("@.*", "", $1); print $1 }' | sort; }
declared=$(sed 's://.*::; s:/\*.*\*/::' "$include"/*.h | grep -oE '\bmntns_[a-z_]+\(' | tr -d '(' | sort -u)
is "the shared library has what the headers declare" "$(exports --dynamic "$libdir/libmntns.so" | grep -v '^_\|^__asan\|^__ubsan\|^__odr')" "$declared"
is "and so has the static one" "$(exports "$libdir/libmntns.a" | grep -v '^_')" "$declared"
for header in "$include"/*.h; do
	ok "${header##*/} is C99 and C++ alike, and alone" sh -c '
		echo "#include <mntns/$2>" | clang -x c -std=c99 -pedantic -Wall -Werror -fsyntax-only -I"$1" - &&
		echo "#include <mntns/$2>" | clang -x c++ -std=c++11 -pedantic -Wall -Werror -fsyntax-only -I"$1" -' \
		sh "${include%/*}" "${header##*/}"
done
export LD_LIBRARY_PATH=$libdir
inode=$(readlink /proc/self/ns/mnt)
mkdir "$work/mnt"
mount -t tmpfs -o ro,nosuid source "$work/mnt"
mount --make-shared "$work/mnt"
mkdir "$work/peer" "$work/slave"
mount --bind "$work/mnt" "$work/peer"
mount --bind "$work/mnt" "$work/slave"
mount --make-slave "$work/slave"
for program in where where-static; do
	like "$program: where a path lies here" "$("$work/$program" "$work/mnt/x" 2>/dev/null | grep -F "$inode")" \
		"^mnt:\[[0-9]+\] .*: source on $work/mnt type tmpfs \(ro,nosuid,relatime\), shared; peers: 1, slaves: 1$"
done
"$MNTNS" snapshot >"$work/snapshot" 2>/dev/null
is "the same from a snapshot" "$("$work/where" "$work/mnt/x" "$work/snapshot" 2>/dev/null | grep -F "$inode" | sed 's/.*: source/source/')" \
	"source on $work/mnt type tmpfs (ro,nosuid,relatime), shared; peers: 1, slaves: 1"
mkdir "$work/mnt-2"
"$work/would" "bind $work/mnt $work/mnt-2" "$work/snapshot" >"$work/changes" 2>&1
like "what a bind would do" "$(grep -F "$inode" "$work/changes")" "^mnt:\[[0-9]+\] .*: \+ $work/mnt-2 \(shared\)$"
unlike "and has not done" "$(cat /proc/self/mountinfo)" mnt-2
refused "an op that the kernel would refuse" 1 "^would: umount $work/mnt-2: " "$work/would" "umount $work/mnt-2" "$work/snapshot"
refused "a file that is none" 1 '^where: /dev/null: it is empty' "$work/where" / /dev/null
finish
