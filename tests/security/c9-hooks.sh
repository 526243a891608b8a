#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# C9: hooks, which are of the host, run with what the container's author wrote.
#
# A hook that gets the container's environment loads the image's library (CVE-2025-23266).
. "$(dirname "$0")/lib.sh"
cat >"$work/hook" <<-'H'
	#!/bin/sh
	{
		echo "env: $(cat /proc/self/environ | tr '\0' ' ')"
		echo "fds: $(ls /proc/self/fd | tr '\n' ' ')"
		echo "root: $(stat -Lc %d:%i /)"
	} >>"$0.log"
	cat >/dev/null
H
chmod 755 "$work/hook"
hooks='.process.env += ["LD_PRELOAD=/evil.so", "EVIL=1"] | .hooks = (["prestart", "createRuntime", "createContainer", "poststart", "poststop"] | map({(.): [{path: $hook, args: ["hook", .], env: ["OWN=1"]}]}) | add)'
exec 17<"$outside" 18<"$outside/file"
config "$hooks" --arg hook "$work/hook"
prints "it runs" ""
seen=$(cat "$work/hook.log")
is "hooks ran" "$(grep -c 'env: .*OWN=1' <<<"$seen")" 5
unlike "without the container's environment" "$seen" 'EVIL|LD_PRELOAD'
unlike "with no descriptor but the usual, and the shell's for its script" "$seen" 'fds: .*(17|18)'
is "and in the host's tree" "$(grep ^root: "$work/hook.log" | sort -u)" "root: $(stat -Lc %d:%i /)"
exec 17<&- 18<&-
cd "$work" || exit
for path in hook ./hook ../hook bin/true "" /none; do
	config "$hooks" --arg hook "$path"
	denied "a hook at '$path'"
done
cd /
config '.hooks.prestart = [{path: "/bin/sleep", args: ["sleep", "50"], timeout: 1}]'
denied "one that does not end"
config '.hooks.prestart = [{path: "/bin/sh", args: ["sh", "-c", "kill -9 $$"]}]'
denied "one that dies"
config '.hooks.prestart = [{path: "/bin/false"}]'
denied "one that fails"
# In the container's tree, with its rights: what it can reach is the container's.
config '.hooks.startContainer = [{path: "/bin/sh", args: ["sh", "-c", "cat > /dev/null; cat '"$outside"'/file; grep CapEff /proc/self/status; touch /mnt/ran; :"]}]'
resists "startContainer is the container's"
finish
