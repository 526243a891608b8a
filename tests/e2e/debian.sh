#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mntns run on a larger real input: a Debian root file system, in which Debian's own tools work.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/debian.sh"
debian=$work/debian
debian_root "$debian" gcc,libc6-dev
like "apt-get --version" "$(run "$debian" apt-get --version)" '^apt [0-9.]+ '
like "dpkg -l" "$(run "$debian" dpkg -l)" '^ii  libc6:'
is "dpkg --audit has nothing to say" "$(run "$debian" dpkg --audit)" ""
cat >"$work/hello.c" <<'END'
#include <stdio.h>
int main(void) { puts("hello from the box"); return 0; }
END
is "hello.c is compiled, with a throw-away layer, and runs" \
	"$(run --overlay --bind "$work/hello.c:/src/hello.c:ro" --workdir /root "$debian" \
		sh -c 'gcc -Wall -o hello /src/hello.c && ./hello')" "hello from the box"
ok "the layer was thrown away" [ ! -e "$debian/root/hello" ]
mkdir "$work/out" "$debian/out"
run --user 1000:1000 --read-only --private-tmp --bind "$work/out:/out" "$debian" \
	gcc -x c -o /out/hello - <"$work/hello.c" 2>"$work/log"
like "an ordinary user of the box may not write to root's directory" "$(cat "$work/log")" "/out/hello: Permission denied"
chown 1000:1000 "$work/out"
run --user 1000:1000 --read-only --private-tmp --bind "$work/out:/out" "$debian" \
	gcc -x c -o /out/hello - <"$work/hello.c"
is "but to his own, from a read-only root" "$("$work/out/hello")" "hello from the box"
is "what it made is his" "$(stat -c %u:%g "$work/out/hello")" 1000:1000
is "--user takes a name of the box's /etc/passwd, and its home" \
	"$(run --user www-data "$debian" sh -c 'id -un; id -gn; echo $HOME' | tr '\n' ' ')" "www-data www-data /var/www "
is "a package is removed in the layer that keeps the writes" \
	"$(run --upper "$work/upper" "$debian" sh -c 'dpkg --purge libgcc-12-dev 2>&1 | grep -c "^dpkg: error"; ls /usr/lib/gcc | wc -l')" "$(printf '1\n1')"
ok "the shell's job control has a terminal" on_terminal "'$MNTNS' run -t '$debian' bash -ic 'tty; jobs' | grep -q /dev/pts"
is "the box of an ordinary user" \
	"$(setpriv --reuid 65534 --regid 65534 --clear-groups env MNTNS_RUNTIME_DIR=/tmp/mntns-none "$MNTNS" run --overlay "$debian" sh -c 'id -u; dpkg -l libc6 2>/dev/null | grep -c ^ii' | tr '\n' ' ')" "0 1 "
rmdir "$debian/out"
ok "the root file system is as it was" run "$debian" dpkg --verify
finish
