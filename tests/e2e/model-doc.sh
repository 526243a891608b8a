#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# docs/model.md names what shows each rule: scenarios, reasons, functions of unit tests. All of it is there.
. "$(dirname "$0")/../lib/tap.sh"

missing=$(
	topic=
	grep -o '`[^`]*`' "$source_root/docs/model.md" | tr -d '`' | while read -r name; do
		case $name in
		[a-z]*/[0-9][0-9])
			topic=${name%/*}
			compgen -G "$source_root/tests/scenarios/$name-*.mnt" >/dev/null || echo "$name"
			;;
		[0-9][0-9])
			compgen -G "$source_root/tests/scenarios/$topic/$name-*.mnt" >/dev/null || echo "$topic/$name"
			;;
		[A-Z]*.why)
			[[ $name == NAME.why || -e $source_root/tests/reasons/$name ]] || echo "$name"
			;;
		*'()')
			[[ $name == 'name()' ]] || grep -q "^static void ${name%()}(void" "$source_root"/tests/unit/model*.c || echo "$name"
			;;
		matrix-*)
			[[ -d $source_root/tests/scenarios/$name ]] || echo "$name"
			;;
		esac
	done
)
is "what shows a rule of docs/model.md is there" "$missing" ""
rules=$(grep -c '`[a-z-]*/[0-9][0-9]`' "$source_root/docs/model.md")
ok "the rules name scenarios, $rules lines of them" [ "$rules" -gt 60 ]
# And every file of ours that a document names is there.
missing=$(for page in "$source_root"/docs/*.md "$source_root"/README.md "$source_root"/HACKING.md; do
	grep -oE '`(tests|src|packaging|bench|tools)/[a-zA-Z0-9_./@-]+`' "$page" | tr -d '`' | while read -r name; do
		[[ $name =~ (NAME|TOPIC|/X\.|\.a\.p) || -e $source_root/$name ]] || echo "${page##*/}: $name"
	done
done)
is "the files that documents name are there" "$missing" ""
finish
