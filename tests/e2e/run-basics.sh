#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# mntns run: what the program sees, its streams, its status.
. "$(dirname "$0")/../lib/tap.sh"
make_root
before=$(table)

is "the program is PID 1" "$(run "$root" sh -c 'echo $$')" 1
is "/ lists only its root" "$(run "$root" ls / | tr '\n' ' ')" "bin dev etc mnt proc root sys tmp "
is "its mount table has its root and the default mounts" \
	"$(run "$root" sh -c "awk '{print \$5}' /proc/self/mountinfo" | head -n 7 | tr '\n' ' ')" \
	"/ /proc /sys /dev /dev/pts /dev/shm /dev/mqueue "
is "standard input and output pass through" "$(printf 'a\0b' | run "$root" cat | od -An -tx1)" " 61 00 62"
like "standard error passes through" "$(run "$root" sh -c 'echo oops >&2' 2>&1 >/dev/null)" '^oops$'
for status in 0 1 7 125 255; do
	run "$root" sh -c "exit $status"
	is "exit status $status is the program's own" $? $status
done
run "$root" sh -c 'kill -SEGV $$; exit 3'
is "PID 1 without a handler is not killed by its own signal: the kernel's rule" $? 3
run --share pid "$root" sh -c 'kill -SEGV $$'
is "a program killed by SIGSEGV gives 139" $? 139
refused "a missing command gives 127" 127 "command 'nonesuch' not found" run "$root" nonesuch
refused "a missing command with a path gives 127" 127 "command '/bin/none' not found" run "$root" /bin/none
printf 'data' >"$root/mnt/data"
refused "a file that is not executable gives 126" 126 "cannot be executed" run "$root" /mnt/data
printf '#!/no/such/interpreter\n' >"$root/mnt/script"
chmod +x "$root/mnt/script"
refused "a missing interpreter is named as the cause" 126 "interpreter" run "$root" /mnt/script
refused "a directory gives 126" 126 "cannot be executed" run "$root" /bin

exec 9</etc/passwd 17</tmp 200</dev/null
is "no descriptor of the caller reaches the program" \
	"$(run "$root" sh -c 'ls /proc/self/fd' | tr '\n' ' ')" "0 1 2 3 "
exec 9<&- 17<&- 200<&-
for closed in 0 1 2 01 02 12 012; do
	script="exec"
	[[ $closed == *0* ]] && script+=" 0<&-"
	[[ $closed == *1* ]] && script+=" 1>&-"
	[[ $closed == *2* ]] && script+=" 2>&-"
	ok "works with descriptors $closed closed" bash -c "$script; '$MNTNS' run '$root' true"
done
is "the working directory is / of the box" "$(cd /usr && run "$root" pwd)" /
is "--workdir is inside the box" "$(run --workdir /mnt "$root" pwd)" /mnt
refused "a missing --workdir says so" 125 "workdir /nowhere" run --workdir /nowhere "$root" true
refused "a --workdir through a descriptor is refused" 125 "not inside the box" run --workdir /proc/self/fd/9 "$root" true 9</tmp

is "the environment is clean" "$(SECRET=1 run "$root" env | grep -c SECRET)" 0
is "--env sets a variable" "$(run --env A=b "$root" sh -c 'echo $A')" b
is "--env copies a variable of the caller" "$(A=c run --env A "$root" sh -c 'echo $A')" c
is "HOME comes from the box's passwd" "$(run "$root" sh -c 'echo $HOME')" /root
is "--user by number" "$(run --user 5:6 "$root" sh -c 'id -u; id -g; id -G' | tr '\n' ' ')" "5 6 6 "
is "--user by name has the groups of /etc/group" "$(run --user user "$root" id)" \
	"uid=1000(user) gid=1000(user) groups=1000(user),2000(extra)"
refused "an unknown user is named" 125 "no user 'nobody'" run --user nobody "$root" true
is "--hostname" "$(run --hostname box "$root" hostname)" box
caps() { run "$@" "$root" sh -c 'grep Cap /proc/self/status' | awk '{print $2}' | tr '\n' ' '; }
is "the default capabilities are docker's" "$(caps)" \
	"0000000000000000 00000000a80425fb 00000000a80425fb 00000000a80425fb 0000000000000000 "
is "--cap-drop ALL leaves none" "$(caps --cap-drop ALL)" \
	"0000000000000000 0000000000000000 0000000000000000 0000000000000000 0000000000000000 "
like "--cap-add adds one" "$(caps --cap-drop ALL --cap-add SYS_ADMIN)" '^0+ 0000000000200000 0000000000200000 0000000000200000 '
is "another user has no capabilities" "$(caps --user 1000 | cut -d' ' -f2,3)" "0000000000000000 0000000000000000"
like "--no-new-privileges" "$(run --no-new-privileges "$root" grep NoNewPrivs /proc/self/status)" '1$'
is "/proc/sys is read-only" "$(run "$root" sh -c 'echo x 2>/dev/null >/proc/sys/kernel/hostname || echo no')" no
is "/proc/keys is masked" "$(run "$root" stat -c %t:%T /proc/keys)" 1:3
is "--no-mask shows it" "$(run --no-mask "$root" stat -c %F /proc/keys)" "regular empty file"
is "/sys is read-only" "$(run "$root" sh -c 'mkdir /sys/kernel/x 2>&1' | grep -c 'Read-only')" 1
is "the devices of /dev" "$(run "$root" ls /dev | tr '\n' ' ')" \
	"fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero "
is "--no-proc --no-dev --no-sys leave only the root" \
	"$(run --no-proc --no-dev --no-sys "$root" sh -c 'ls /proc /dev /sys | wc -w')" 3
is "the network is shared unless asked" "$(run "$root" readlink /proc/self/ns/net)" "$(readlink /proc/self/ns/net)"
for ns in pid ipc uts cgroup; do
	is "$ns namespace is new by default" \
		"$([ "$(run "$root" readlink /proc/self/ns/$ns)" != "$(readlink /proc/self/ns/$ns)" ] && echo new)" new
	is "--share $ns" "$(run --share $ns "$root" readlink /proc/self/ns/$ns)" "$(readlink /proc/self/ns/$ns)"
done
for ns in net user time; do
	is "--unshare $ns" \
		"$([ "$(run --unshare $ns "$root" readlink /proc/self/ns/$ns)" != "$(readlink /proc/self/ns/$ns)" ] && echo new)" new
done
is "a new network has a loopback that is up" "$(run --unshare net "$root" sh -c 'ip link show lo' | grep -c LOOPBACK,UP)" 1
is "--read-only refuses writes to the root" "$(run --read-only "$root" sh -c 'echo 2>/dev/null x >/x || echo no')" no
is "--init: the program is not PID 1 and orphans are reaped" \
	"$(run --init "$root" sh -c '[ $$ != 1 ] && (sleep 0.01 &); sleep 0.3; ls -d /proc/[0-9]* | wc -l')" 4
run --init "$root" sh -c 'exit 9'
is "--init passes the status on" $? 9
is "--dry-run prints ops and runs nothing" "$(run --dry-run "$root" touch /made | grep -c pivot-root; ls "$root" | grep -c made)" "$(printf '1\n0')"
unlike "before Linux 6.15 it copies no detached tree" "$(MNTNS_WITHOUT=detached run --dry-run "$root" true)" 'open-tree h[0-9]+$'
is "the caller's table is as it was" "$(table)" "$before"
like "the pin of the template is the one mount that stays" "$(grep -c "$MNTNS_RUNTIME_DIR" /proc/self/mountinfo)" '^1$'
ok "unpin --all removes it" "$MNTNS" unpin --all
is "and nothing is left of it" "$(grep -c "$MNTNS_RUNTIME_DIR" /proc/self/mountinfo)" 0
finish
