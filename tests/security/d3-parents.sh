#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# D3: what is above the root, and mounts of the host that are left below it.
#
# A runtime that only changes its root, or leaves the old one attached, lets `..` lead to the host
# (CVE-2015-2925): the table of the program has no line but those of the configuration.
. "$(dirname "$0")/lib.sh"
list='cut -d " " -f 5 /proc/self/mountinfo | grep -vE "^/(proc|sys)/" | sort | tr "\n" " "'
sh_config "$list"
prints "the mounts are those of the configuration" "/ /dev /dev/mqueue /dev/pts /dev/shm /proc /sys "
sh_config 'cut -d " " -f 5 /proc/self/mountinfo | grep -E "^/(proc|sys)/" | grep -vxE "$allowed"; :' \
	'.process.env += ["allowed=" + (.linux.maskedPaths + .linux.readonlyPaths | join("|"))]'
prints "below /proc and /sys there are masks and read-only paths alone" ""
sh_config '[ "$(stat -c %d:%i /..)" = "$(stat -c %d:%i /)" ] && cd /../../.. && ls -d file dir/real 2>/dev/null; ls -d ../bin'
prints "above the root is the root" ../bin
finish
