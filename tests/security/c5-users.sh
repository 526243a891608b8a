#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# C5: users and groups as text and as numbers.
#
# A number that is read too leniently becomes uid 0 (CVE-2026-30892: exec -u 1 of crun; CVE-2024-40635).
. "$(dirname "$0")/lib.sh"
ids='grep -E "^(Uid|Gid|Groups):" /proc/self/status | cut -f 2- | tr "\t\n" "  "'
sh_config "$ids" '.process.user = {uid: 1000, gid: 1001, additionalGids: [5, 7]}'
prints "exactly the configured ones" "1000 1000 1000 1000 1001 1001 1001 1001 5 7  "
sh_config "$ids" '.process.user = {uid: 1000, gid: 1001}'
launch
unlike "no group of the caller" "$output" "1001 1001 1001 1001 [0-9]"
for bad in 4294967296 4294967295 -1 '"0"' 1.5 null '"root"' 18446744073709551616 1e30 '[]' true; do
	for field in uid gid; do
		sh_config "$ids" ".process.user.$field = $bad"
		sed -i 's/"\(uid\|gid\)": 1.7976931348623157e+308/"\1": 1e30/' "$bundle/config.json"
		case $bad in
		null) resists "$field $bad" ;; # the same as none
		*) denied "$field $bad" ;;
		esac
	done
done
sh_config 'sleep 60'
ok "a container to join" begin
for user in "" 1: :1 -1 4294967296 4294967295 0x0 "1 " +1 " 1" $'root\n' $'1\n' root: 1:2:3 99999999999999999999 \
	1.0 1e3 0:0x1 1:-1 1:4294967295 1:4294967296 nobody:nobody none 1:none "1:1 " 1,1 1/1 ٣ 1:+1 00x 18446744073709551617; do
	status=0
	output=$(rt exec --user "$user" "$id" /bin/sh -c "$ids" </dev/null 2>&1) || status=$?
	sentence="exec --user $(printf %q "$user") is refused"
	if [ $status != 0 ]; then pass "$sentence"; else fail "$sentence" "$output"; fi
done
for user in 0 1 1000 1000:1001 4294967294 user; do
	output=$(rt exec --user "$user" "$id" /bin/sh -c "$ids" </dev/null 2>&1)
	case $user in user) want=1000 ;; *) want=${user%:*} ;; esac
	# A name is a convenience of some runtimes.
	[ "$user" = user ] && ! [[ $output =~ ^[0-9] ]] && want=.
	like "exec --user $user" "$output" "^$want"
done
end
finish
