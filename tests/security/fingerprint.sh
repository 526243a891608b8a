# SPDX-License-Identifier: Apache-2.0
# What a container's program prints of its isolation; run by the shell of the root.
grep -E '^(Uid|Gid|Groups|Cap...|NoNewPrivs|Seccomp|Seccomp_filters):' /proc/self/status
# Where, which, and with what options; not the numbers.
cut -d ' ' -f 4-6 /proc/self/mountinfo | sed -E 's/ (shared|master):[0-9]+/ \1/' | sort
for ns in pid net ipc uts mnt cgroup user; do
	[ "$(readlink /proc/self/ns/$ns)" = "$(echo "$host_ns" | tr ' ' '\n' | grep "^$ns:")" ] && echo "the host's $ns"
done
ls /proc/self/fd | wc -l
for f in /proc/sys/kernel/core_pattern /proc/sysrq-trigger /proc/irq/default_smp_affinity /new /mnt/new /sys/new; do
	(: >>$f) 2>/dev/null && echo "writable: $f"
done
cat /proc/keys
echo complete
