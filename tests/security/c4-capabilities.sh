#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# C4: capabilities are exactly those of the configuration, at the start and for one that joins.
#
# A runtime that sets inheritable ones hands them to every program with file capabilities
# (CVE-2022-29162; runc before 1.1.2).
. "$(dirname "$0")/lib.sh"
sets='grep -E "^Cap" /proc/self/status | cut -f 2 | tr "\n" " "'
none=0000000000000000
config '.process.args = ["/bin/sh", "-c", $look]' --arg look "$sets"
# CAP_KILL 5, CAP_NET_BIND_SERVICE 10, CAP_AUDIT_WRITE 29
usual=0000000020000420
prints "the usual ones, none inheritable or ambient" "$none $usual $usual $usual $none "
sh_config "$sets" 'del(.process.capabilities)'
prints "not one when none is given" "$none $none $none $none $none "
sh_config "$sets" '.process.capabilities = {bounding: caps}'
prints "only bounding" "$none $none $none $usual $none "
sh_config "$sets" '.process.user.uid = 1000'
launch
like "an ordinary user has none but the bounding ones, or the permitted ones as asked" "$output" "^$none ($none|$usual) ($none|$usual) $usual $none"
sh_config "$sets" '.process.user.uid = 1000 | .process.capabilities = (["CAP_KILL"] | {bounding: ., effective: ., permitted: ., inheritable: ., ambient: .})'
prints "ambient ones reach an ordinary user" "0000000000000020 0000000000000020 0000000000000020 0000000000000020 0000000000000020 "
sh_config "$sets" '.process.capabilities = {bounding: ["CAP_KILL"], permitted: ["CAP_KILL"], effective: ["CAP_KILL"], ambient: ["CAP_SYS_ADMIN"]}'
launch
unlike "an ambient one that is not permitted" "$output" '2.{5}$'
sh_config "$sets" 'no_namespace("cgroup") | .process.capabilities = {bounding: ["CAP_KILL", "CAP_NOPE"], permitted: ["CAP_KILL"], effective: ["CAP_KILL"]}'
launch
like "a name that is none adds nothing" "$status $output" '^([1-9]|0 .*0000000000000020 )'
sh_config 'sleep 60'
ok "a container to join" begin
jq --arg look "$sets" '.process | .args = ["/bin/sh", "-c", $look]' "$bundle/config.json" >"$work/process"
is "one that joins has the same" "$(rt exec --process "$work/process" "$id" </dev/null)" "$none $usual $usual $usual $none "
end
finish
