# SPDX-License-Identifier: Apache-2.0
# What every example starts with: a place of its own, a busybox root in it ($root), and a mount
# namespace of its own, so that the machine's table stays as it is. `see` states what is observed
# and ends the example if it is not.
if [ -z "${IN_EXAMPLE:-}" ]; then
	IN_EXAMPLE=1 exec unshare -m --propagation private bash "$0" "$@"
fi
set -eu
work=$(mktemp -d)
trap 'cd /; mntns unpin --all; umount -R -l "$work" 2>/dev/null || true; rmdir "$work"' EXIT
mount -t tmpfs -o mode=755 example "$work"
export MNTNS_RUNTIME_DIR=$work/run
root=$work/busybox
mkdir -p "$root"/{bin,etc,proc,dev,sys,tmp,mnt}
cp /bin/busybox "$root/bin"
for applet in sh ls cat mount umount mkdir grep test hostname readlink sleep; do
	ln -s busybox "$root/bin/$applet"
done
cd "$work"
see() { # SENTENCE COMMAND...
	if "${@:2}"; then echo "seen: $1"; else
		echo "not seen: $1" >&2
		exit 1
	fi
}
