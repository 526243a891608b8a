# SPDX-License-Identifier: Apache-2.0
# debian_root DIR PACKAGE,…: a Debian root file system; sourced after tap.sh. Ends the script where there is
# none: skipped, if the mirror that this machine is set up with does not answer.
debian_root() {
	local codename sources made="a Debian root file system is made by mmdebstrap"
	codename=$(. /etc/os-release && echo "$VERSION_CODENAME")
	# apt's newer form, or its older one.
	sources=$(cat /etc/apt/sources.list.d/debian.sources 2>/dev/null || cat /etc/apt/sources.list.d/*.sources 2>/dev/null ||
		cat /etc/apt/sources.list /etc/apt/sources.list.d/*.list 2>/dev/null)
	mmdebstrap --quiet --variant=apt --include="$2" "$codename" "$1" - <<<"$sources" >"$work/log" 2>&1 && return
	if grep -qiE 'could not resolve|could not connect|failed to fetch|no working internet' "$work/log"; then
		skip "$made" "no package mirror answers"
	else
		fail "$made" "$(tail -n 5 "$work/log")"
	fi
	finish
}
