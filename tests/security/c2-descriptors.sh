#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# C2: descriptors of the caller or the runtime in the container.
#
# Debian's crun 1.8.1 hands on the caller's (CVE-2024-21626), crun 1.27.1 dies without stdin.
. "$(dirname "$0")/lib.sh"
exec 17<"$outside" 18<"$outside/file" 200>"$work/some"
# The shell's own for the list is one more.
look='for fd in /proc/self/fd/*; do case $fd in */[012]) ;; *) readlink $fd ;; esac; done; :'
sh_config 'ls /proc/$$/fd; :'
prints "the program has 0, 1 and 2" $'0\n1\n2'
sh_config "$look; cat <&17; cat <&18; :"
launch
unlike "what the caller left open is not there" "$output" 'outside|secret|mntns-test'
# 10 is where the shell keeps its own output while it redirects.
for closed in '<&-' '>&-' '2>&-' '<&- >&-' '<&- 2>&-' '>&- 2>&-' '<&- >&- 2>&-'; do
	sh_config 'ls /proc/$$/fd >/mnt/seen; readlink /proc/$$/fd/[012] >/mnt/where' \
		'add_mount(bind($seen; "/mnt"; []))' --arg seen "$work/seen"
	mkdir -p "$work/seen"
	rm -f "$work/seen/seen"
	status=0
	eval "timeout -s KILL 10 \"\$OCI_RUNTIME\" --root \"\$states\" run --bundle \"\$bundle\" \"\$id\" $closed" >/dev/null 2>&1 || status=$?
	unlike "without $closed no signal ends it" "$status" '^1[34][0-9]$'
	[ ! -f "$work/seen/seen" ] || is "and 0, 1 and 2 are something ($closed)" "$(tr "\n" " " <"$work/seen/seen")" "0 1 10 2 "
	[ ! -f "$work/seen/where" ] || unlike "nothing of the runtime ($closed)" "$(cat "$work/seen/where")" 'states|outside|bundle'
done
sh_config 'sleep 60'
ok "a container to join" begin
jq --arg look "$look; ls /proc/\$\$/fd; :" '.process | .args = ["/bin/sh", "-c", $look]' "$bundle/config.json" >"$work/process"
rt exec --process "$work/process" "$id" </dev/null >"$work/launched" 2>&1
is "one that joins has 0, 1 and 2" "$(tr '\n' ' ' <"$work/launched")" "0 1 2 "
for fd in 17 18 200; do
	unlike "and none of the caller's $fd" "$(rt exec "$id" /bin/sh -c "cat <&$fd; readlink /proc/self/fd/$fd" </dev/null 2>&1)" 'secret|outside|some'
done
exec 3</etc/hostname 4<"$work/clean/etc/passwd"
rt exec --preserve-fds 2 "$id" /bin/sh -c 'ls /proc/$$/fd; cat <&4' </dev/null >"$work/launched" 2>&1
is "with --preserve-fds 2 it has 3 and 4, too, and nothing more" "$(grep -c . "$work/launched") $(head -n 5 "$work/launched" | tr '\n' ' ')" "7 0 1 2 3 4 "
exec 3<&- 4<&-
end
exec 3</etc/hostname
sh_config 'ls /proc/$$/fd; :'
rt run --preserve-fds 1 --bundle "$bundle" "$id" </dev/null >"$work/launched" 2>&1
is "the same at its start" "$(tr '\n' ' ' <"$work/launched")" "0 1 2 3 "

# A descriptor that the caller has not got would be one of the runtime's.
sh_config 'ls -l /proc/$$/fd; :'
rt run --preserve-fds 9 --bundle "$bundle" "$id" </dev/null >"$work/launched" 2>&1
unlike "run: more than there are" "$(cat "$work/launched")" 'states|cgroup| -> /proc$'
refused "and it says so" 1 '--preserve-fds 9: descriptor 4 is not open' rt run --preserve-fds 9 --bundle "$bundle" "$id"
sh_config 'sleep 60'
ok "a container to join" begin
rt exec --preserve-fds 9 "$id" /bin/sh -c 'ls -l /proc/$$/fd' </dev/null >"$work/launched" 2>&1
unlike "exec: more than there are" "$(cat "$work/launched")" 'states|cgroup|pidfd| -> /proc$'
refused "and it says so" 255 '--preserve-fds 9: descriptor 4 is not open' rt exec --preserve-fds 9 "$id" /bin/true
exec 4</etc/hostname 3<&-
refused "and where there is a gap" 255 'descriptor 3 is not open' rt exec --preserve-fds 2 "$id" /bin/true
exec 4<&-
end
finish
