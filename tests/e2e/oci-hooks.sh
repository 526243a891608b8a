#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Hooks that run inside: createContainer in the container's namespaces by the host's tree,
# startContainer in the container by its own. The others: oci-life.sh.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/oci.sh"
make_bundle
before=$(table)

# hook KIND SCRIPT [MORE]: an entry of "hooks", by a shell
hook() {
	echo ".hooks.$1 = [{path: \"/bin/sh\", args: [\"sh\", \"-c\", $(jq -Rn --arg s "$2" '$s')]${3:+, $3}}]"
}
out=$work/out
netns='readlink /proc/self/ns/net'

# --- createContainer ---
sh_in true "$(hook createContainer "cat >'$out'")"
is "createContainer: the state" "$(jq -r '.id, .status, .pid, .bundle' "$out" | tr '\n' ,)" \
	"c$$-$containers,creating,1,$bundle,"
sh_in "$netns" "$(hook createContainer "$netns >'$out'")" >"$work/inside"
is "it is in the container's namespaces" "$(cat "$out")" "$(cat "$work/inside")"
sh_in true "$(hook createContainer "cat /proc/mounts >'$out'; ls '$bundle/rootfs/proc/self' >'$out.ls'; pwd >'$out.pwd'; umask >'$out.mask'")"
is "the host's tree is still there, and the container's mounts below its root" \
	"$(grep -cE "^[^ ]* $bundle/rootfs(/proc|/dev|/sys)? " "$out")" 4
like "they can be walked" "$(cat "$out.ls")" mountinfo
is "the working directory is the bundle" "$(cat "$out.pwd")" "$bundle"
is "the umask is the usual one" "$(cat "$out.mask")" 0022
is "what it mounts there the container sees" "$(sh_in 'cat /tmp/hello; grep -c "^[0-9]* [0-9]* [^ ]* [^ ]* / " /proc/self/mountinfo' \
	"$(hook createContainer "mount -t tmpfs t '$bundle/rootfs/tmp' && echo hi >'$bundle/rootfs/tmp/hello'")" | tr '\n' ,)" "hi,1,"
is "of the host's tree nothing is left in there" "$(sh_in 'wc -l </proc/self/mountinfo' \
	"$(hook createContainer true)")" "$(sh_in 'wc -l </proc/self/mountinfo')"
is "env is the hook's own" "$(sh_in true "$(hook createContainer "echo \$A-\$PATH-\$TERM >'$out'" 'env: ["A=1", "PATH=/bin:/usr/bin"]')"; cat "$out")" \
	"1-/bin:/usr/bin-"
refused "one that fails ends the creation" 1 'createContainer: hook /bin/sh failed with status 3' sh_in true "$(hook createContainer 'exit 3')"
refused "so does one that does not end in time" 1 'did not end in 1 s' sh_in true "$(hook createContainer 'sleep 60' 'timeout: 1')"
refused "and one that is not there" 1 'hook /no/hook could not be executed' sh_in true '.hooks.createContainer = [{path: "/no/hook"}]'
sh_in true "$(hook createRuntime "echo runtime >>'$work/order'") | $(hook createContainer "echo container >>'$work/order'")"
is "createRuntime comes before createContainer" "$(tr '\n' ' ' <"$work/order")" "runtime container "
map='.linux.namespaces += [{type: "user"}] | .linux.uidMappings = [{containerID: 0, hostID: 100000, size: 1000}] | .linux.gidMappings = .linux.uidMappings'
chmod -R a+rX "$work"
touch "$out" && chmod a+rw "$out"
is "in a user namespace too" "$(sh_in 'id -u' "$map | $(hook createContainer "readlink /proc/self/ns/user; id -u; ls '$bundle/rootfs/dev/null'")" | tail -3 | tr '\n' ,)" \
	"0,$bundle/rootfs/dev/null,0,"
is "with a root that is shared" "$(sh_in 'grep -c "^[0-9]* [0-9]* [^ ]* [^ ]* / .* shared:" /proc/self/mountinfo' ".linux.rootfsPropagation = \"shared\" | $(hook createContainer true)")" 1
is "with a read-only root" "$(sh_in 'touch /x 2>&1' "$(hook createContainer true)")" "touch: /x: Read-only file system"

# --- startContainer ---
own() {
	echo ".hooks.startContainer = [{path: \"/bin/sh\", args: [\"sh\", \"-c\", $(jq -Rn --arg s "$1" '$s')]${2:+, $2}}]"
}
sh_in 'cat /tmp/state' "$(own 'cat >/tmp/state') | .root.readonly = false" >"$out"
is "startContainer: the state" "$(jq -r '.id, .status, .pid' "$out" | tr '\n' ,)" "c$$-$containers,created,1,"
is "its path is the container's" "$(sh_in true '.hooks.startContainer = [{path: "/bin/ls", args: ["ls", "/"]}]' | tr '\n' ' ')" \
	"$(ls "$bundle/rootfs" | tr '\n' ' ')"
refused "the host's is not there" 1 'startContainer: hook .*could not be executed' sh_in true ".hooks.startContainer = [{path: \"$BASH\"}]"
is "it has the program's powers and no more" "$(sh_in true "$(own 'id -u; grep -E "CapEff|NoNewPrivs" /proc/self/status | cut -f2') | .process.user.uid = 7" | tr '\n' ,)" \
	"7,0000000000000000,1,"
is "the program runs after it, with its own descriptors" "$(sh_in 'ls /proc/self/fd | wc -l' "$(own true)")" 4
make_bundle "$bundle" "$(own 'echo started') | .process.args = [\"/bin/sh\", \"-c\", \"echo program\"]"
oci create --bundle "$bundle" h1 >"$out" </dev/null
is "not before start" "$(cat "$out")" ""
oci start h1
sleep 0.3
is "then in front of the program" "$(tr '\n' ' ' <"$out")" "started program "
oci delete h1
make_bundle "$bundle" "$(own 'exit 4')"
oci create --bundle "$bundle" h2 </dev/null
refused "one that fails: start says so" 1 'startContainer: hook /bin/sh failed with status 4' oci start h2
sleep 0.2
is "and the container is stopped" "$(oci state h2 | jq -r .status)" stopped
oci delete h2
refused "one that takes too long: the same" 1 'did not end in 1 s' sh_in true "$(own 'sleep 60' 'timeout: 1')"
# --- poststop ---
ip=$(command -v ip)
make_bundle "$bundle" "$(hook createRuntime "$ip link set there netns \$(jq .pid)") |
	$(hook poststop "i=0; while $ip link show here >/dev/null 2>&1 && [ \$((i += 1)) -lt 50 ]; do sleep 0.1; done; echo \$i >'$out'")"
unshare --net sh -c 'ip link add here type veth peer name there && exec "$@"' sh "$OCI" --root "$oci_root" run --bundle "$bundle" "n$$" </dev/null
cmp -s <(echo 50) "$out"
is "poststop: the network namespace is gone, or about to be" "$? $(wc -l <"$out")" "1 1"

is "no state is left" "$(ls "$oci_root")" ""
is "the host's mount table is as before" "$(table)" "$before"
finish
