#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# build.sh SCDOC MNTNS INPUT OUTPUT: a line @OPTIONS COMMAND@ becomes the options of the command.
set -eu
while IFS= read -r line || [ -n "$line" ]; do
	case $line in
	"@OPTIONS "*@)
		command=${line#@OPTIONS }
		"$2" help --man "${command%@}"
		;;
	*) printf '%s\n' "$line" ;;
	esac
done <"$3" | "$1" >"$4"
