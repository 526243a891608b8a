#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# make install puts the program, its manuals and its completions where they belong.
# What they do has tests of its own: compiled in haste.
. "$(dirname "$0")/../lib/tap.sh"
ok "make install takes PREFIX and DESTDIR" env -u MAKEFLAGS -u MAKELEVEL \
	make -C "$source_root" --no-print-directory MESON_FLAGS="--buildtype=debug -Dwerror=false" BUILD="$work/build" PREFIX=/opt/mntns DESTDIR="$work/dest" install
is "all of it is there" "$(ls "$work/dest" "$work/dest/opt")" "$(printf '%s:\nopt\n\n%s/opt:\nmntns' "$work/dest" "$work/dest")"
prefix=$work/dest/opt/mntns
like "the program runs from there" "$("$prefix/bin/mntns" version)" '^mntns [0-9.]+$'
for page in man1/mntns.1 man1/mntns-run.1 man1/mntns-ops.1 man1/mntns-ps.1 man1/mntns-snapshot.1 man1/mntns-unpin.1 man5/mntns-scenario.5 man5/mntns-snapshot.5 man5/mntns-ops.5 man5/mntns-run.json.5; do
	like "$page" "$(head -n 20 "$prefix/share/man/$page")" '^\.TH '
done
missing=
for option in $("$MNTNS" run --help | grep -oE '^ +(-[a-z], )?--(\[no-\])?[a-z-]+' | grep -oE '[a-z-]+$' | sed 's/^-*//'); do
	sed 's/\\//g' "$prefix/share/man/man1/mntns-run.1" | grep -qE -- "$option" || missing+=" $option"
done
is "every option of --help is in the manual" "$missing" ""
for shell in bash zsh fish; do
	case $shell in
	bash) file=$prefix/share/bash-completion/completions/mntns ;;
	zsh) file=$prefix/share/zsh/site-functions/_mntns ;;
	fish) file=$prefix/share/fish/vendor_completions.d/mntns.fish ;;
	esac
	ok "$shell reads its completion" $shell -n "$file"
done
complete_bash() { # WORDS…: what bash offers for the last of them
	bash -c 'source "$1"; shift
		COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMP_LINE="$*" COMP_POINT=${#COMP_LINE}
		eval "$(complete -p mntns | sed -E "s/.*-F ([^ ]+).*/\1/")" mntns "${!#}" "${@: -2:1}"
		printf "%s\n" "${COMPREPLY[@]}"' bash "$prefix/share/bash-completion/completions/mntns" "$@"
}
like "bash completes a command" "$(complete_bash mntns r)" '^run *$'
like "bash completes an option" "$(complete_bash mntns run --bi)" '^--bind *$'
like "bash completes a word of an option" "$(complete_bash mntns run --propagation sl)" '^slave *$'
finish
