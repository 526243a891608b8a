#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# B2: a sysctl that is not the container's own.
#
# A runtime that writes what it is told (CVE-2022-0811), or does not see that a namespace given by
# path is the host's, changes the host. runc 1.1.5 refuses all.
. "$(dirname "$0")/lib.sh"
values() { cat /proc/sys/kernel/{panic,shmmax,core_pattern,domainname} /proc/sys/net/ipv4/{ip_forward,ip_unprivileged_port_start} /proc/sys/vm/swappiness; }
values_before=$(values)
sysctl() { # SENTENCE KEY VALUE [JQ-FILTER]
	config ".linux.sysctl = {(\$key): \$value} | ${4:-.}" --arg key "$2" --arg value "$3"
	denied "$1: $2=$3"
}
for key in kernel.panic vm.swappiness kernel.core_pattern net/../kernel/panic net.ipv4.../../kernel/panic \
	/proc/sys/kernel/panic net/ipv4/../../kernel/panic fs.file-max kernel/panic "a+b=c" "" . .. "kernel.shmmax+kernel.panic" \
	"net.ipv4.ip_forward=1+kernel.panic" fs.mqueue.../file-max; do
	sysctl "not a container's" "$key" 77
done
sysctl "the host's network" net.ipv4.ip_forward 1 'no_namespace("network")'
sysctl "the host's ipc" kernel.shmmax 77 'no_namespace("ipc")'
sysctl "the host's names" kernel.domainname pwn 'no_namespace("uts") | del(.hostname)'
for path in network ipc; do
	kind=${path/network/net}
	sysctl "the host's $path, by its path" "$([ $path = ipc ] && echo kernel.shmmax || echo net.ipv4.ip_forward)" 1 \
		".linux.namespaces |= map(if .type == \"$path\" then .path = \"/proc/$$/ns/$kind\" else . end)"
done
is "the host's values" "$(values)" "$values_before"
sh_config 'cat /proc/sys/kernel/shmmax /proc/sys/net/ipv4/ip_unprivileged_port_start' \
	'.linux.sysctl = {"kernel.shmmax": "77777", "net.ipv4.ip_unprivileged_port_start": "77"}'
prints "the control: one's own are set" $'77777\n77'
is "the host's values stay" "$(values)" "$values_before"
finish
