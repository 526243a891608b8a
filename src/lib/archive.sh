#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# archive.sh PARTS OUTPUT DIR: an archive of one object, which shows nothing but the public functions.
set -eu
mkdir -p "$3"
rm -f "$2"
${LD:-ld} -r -o "$3/mntns.o" --whole-archive "$1"
${OBJCOPY:-objcopy} --wildcard --keep-global-symbol='mntns_*' "$3/mntns.o"
${AR:-ar} rcs "$2" "$3/mntns.o"
