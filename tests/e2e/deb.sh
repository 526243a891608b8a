#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# The Debian package, built, installed and tried in a Debian root file system that has nothing else.
. "$(dirname "$0")/../lib/tap.sh"
. "$(dirname "$0")/../lib/debian.sh"
ok "make deb" env -u MAKEFLAGS -u MAKELEVEL make -C "$source_root" --no-print-directory BUILD="$BUILD_DIR" DEB="$work/deb" deb
package=$(echo "$work"/deb/mntns_*.deb)
like "its name" "${package##*/}" '^mntns_[0-9.]+_[a-z0-9]+\.deb$'
files=$(dpkg-deb -c "$package" | awk '{ print $6 }')
for file in usr/bin/mntns usr/bin/mntns-oci usr/include/mntns/table.h usr/share/man/man1/mntns.1.gz usr/share/man/man8/mntns-oci.8.gz \
	usr/share/bash-completion/completions/mntns-oci usr/share/zsh/site-functions/_mntns-oci usr/share/fish/vendor_completions.d/mntns-oci.fish \
	lib/systemd/system/mntns@.service usr/share/doc/mntns/copyright usr/share/doc/mntns/examples/podman/mntns.conf \
	usr/share/doc/mntns/examples/containerd/mntns.toml usr/share/doc/mntns/examples/crio/mntns.conf; do
	ok "it has $file" grep -qxF "./$file" <<<"$files"
done
ok "and the library" grep -q 'libmntns\.so\.0$' <<<"$files"
is "all of it is root's" "$(dpkg-deb -c "$package" | awk '{ print $2 }' | sort -u)" root/root

debian=$work/debian
debian_root "$debian" "$(dpkg-deb -f "$package" Depends | sed 's/ ([^)]*)//g; s/, /,/g'),busybox-static"
# inside COMMAND…: there, as on a machine of its own; its mounts end with the namespace
inside() {
	unshare -m --propagation private sh -c 'mount --bind "$1" "$1"; mount -t proc proc "$1/proc"
		mount --rbind /sys "$1/sys"; mount --rbind /dev "$1/dev"; cd "$1"; shift
		pivot_root . mnt && busybox umount -l mnt && exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root "$@"' - "$debian" "$@"
}
cp "$package" "$debian/mntns.deb"
before=$(cd "$debian" && find etc usr lib var/lib/dpkg/info -type f 2>/dev/null | sort)
ok "it is installed" inside dpkg -i /mntns.deb
is "nothing of it was changed" "$(inside dpkg --verify mntns)" ""
is "dpkg --audit has nothing to say" "$(inside dpkg --audit)" ""
like "mntns runs" "$(inside mntns version)" '^mntns [0-9.]+$'
like "mntns-oci runs" "$(inside mntns-oci --version | head -n 1)" '^mntns-oci version '
mkdir -p "$debian/box"/{bin,proc,dev,sys,tmp,etc}
cp "$debian/bin/busybox" "$debian/box/bin/"
ln -s busybox "$debian/box/bin/sh"
ln -s busybox "$debian/box/bin/echo"
is "mntns run" "$(inside mntns run /box echo hello)" hello
like "mntns tree" "$(inside mntns tree -n -r -o TARGET self)" '^/proc$'
mkdir "$debian/bundle"
mv "$debian/box" "$debian/bundle/rootfs"
is "mntns-oci run" "$(inside sh -c 'cd /bundle && mntns-oci spec && sed -i "s/\"terminal\": true/\"terminal\": false/; s/\"sh\"/\"echo\", \"from a bundle\"/" config.json && mntns-oci run deb-'"$$")" "from a bundle"
for file in "$debian"/usr/share/man/man?/mntns*.gz; do
	ok "${file##*/} is a manual" sh -c 'zcat "$1" | grep -q "^\.TH "' - "$file"
done
if command -v systemd-analyze >/dev/null; then
	sed "s#/usr/bin/mntns#$MNTNS#" "$debian/lib/systemd/system/mntns@.service" >"$work/mntns@.service"
	ok "the unit is valid" systemd-analyze verify --man=no "$work/mntns@.service"
fi
ok "it is purged" inside dpkg --purge mntns
after=$(cd "$debian" && find etc usr lib var/lib/dpkg/info -type f 2>/dev/null | sort)
is "and left nothing" "$(diff <(echo "$before") <(echo "$after") | grep '^[<>]')" ""
finish
