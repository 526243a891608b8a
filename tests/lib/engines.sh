# SPDX-License-Identifier: Apache-2.0
# Container engines that drive an OCI runtime, for scripts that source this instead of tap.sh.
#
#   OCI_RUNTIME   the runtime under test, an absolute path (default: mntns-oci beside mntns)
#   store         a tmpfs below $work: all that the engines keep
#
# Besides the mount namespace the engines get network and PID namespaces of their own and an empty
# /run and /var/lib/containers: bridges, conmon and state end with the script.

if [ -z "${IN_TEST_NS:-}" ]; then
	IN_TEST_NS=1 exec unshare -m -n -p -f --kill-child --mount-proc --propagation private \
		"${BASH:-/bin/bash}" "$0" "$@"
fi
. "$(dirname "${BASH_SOURCE[0]}")/tap.sh"
OCI_RUNTIME=$(realpath "${OCI_RUNTIME:-$(dirname "$MNTNS")/mntns-oci}")
runtime_name=${OCI_RUNTIME##*/}
store=$work/store
cgroup=/${work##*/} # the parent of all cgroups made here
export TMPDIR=$work/tmp

# podman leaves those of pods where nobody can tell it to put them.
pods() { find /sys/fs/cgroup -depth -type d -path '*/libpod_parent*' 2>/dev/null; }
pods_before=$(pods)
# Nothing is left running when the cgroups are removed: this shell is the first process.
engines_exit() {
	kill -9 -1 2>/dev/null
	wait 2>/dev/null
	for _ in {1..50}; do
		find /sys/fs/cgroup -depth -type d -path "*$cgroup*" -exec rmdir {} + 2>/dev/null
		pods | grep -vFx "$pods_before" | xargs -rd '\n' rmdir 2>/dev/null
		[ -z "$(find /sys/fs/cgroup -type d -path "*$cgroup" -print -quit 2>/dev/null)" ] && break
		sleep 0.1
	done
	at_exit
}
trap engines_exit EXIT

engines_mounts() {
	mkdir -p "$store" "$TMPDIR" /var/lib/containers
	mount -t tmpfs -o mode=755 store "$store"
	# As it is under systemd: podman cleans up after a container with a user namespace from a mount
	# namespace beside this one, and what it unmounts there must go here too.
	mount --make-shared "$store"
	mount -t tmpfs -o mode=755 run /run
	mount -t tmpfs -o mode=755 containers /var/lib/containers
	chmod 1777 "$TMPDIR"
	ip link set lo up
}
# For --userns=auto, and for the user of as_user.
engines_ids() {
	printf 'containers:200000:131072\n12345:400000:65536\n' >"$work/subid"
	mount --bind "$work/subid" /etc/subuid
	mount --bind "$work/subid" /etc/subgid
}
# podman_conf DIR: its storage and configuration are there
podman_conf() {
	export CONTAINERS_STORAGE_CONF=$1/storage.conf CONTAINERS_CONF=$1/containers.conf
	cat >"$CONTAINERS_STORAGE_CONF" <<-END
		[storage]
		driver = "overlay"
		graphroot = "$1/root"
		rootless_storage_path = "$1/root"
		runroot = "$1/run"
	END
	# podman asks for more files and processes than a container of CI may have.
	cat >"$CONTAINERS_CONF" <<-END
		[engine]
		cgroup_manager = "cgroupfs"
		events_logger = "file"
		tmp_dir = "$1/libpod"
		network_config_dir = "$1/networks"
		runtime = "$OCI_RUNTIME"
		runtime_supports_json = ["crun", "runc", "mntns-oci"]
		[containers]
		log_driver = "k8s-file"
		default_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]
		[network]
		network_backend = "netavark"
	END
}
# /usr/bin/mntns-oci, as packaging/ names it, is the runtime under test, and tells of each call in
# $work/calls.
installed() {
	mkdir "$store/upper" "$store/overlay"
	mount -t overlay -o "lowerdir=/usr/bin,upperdir=$store/upper,workdir=$store/overlay" installed /usr/bin
	printf '#!/bin/sh\necho "$*" >>%s/calls\nexec %s "$@"\n' "$work" "$OCI_RUNTIME" >/usr/bin/mntns-oci
	chmod +x /usr/bin/mntns-oci
}
# podman with the runtime under test; what it makes is in the script's own cgroup.
engine() {
	case "$1" in
	run | create) podman --runtime "$OCI_RUNTIME" "$1" --cgroup-parent "$cgroup" "${@:2}" ;;
	*) podman --runtime "$OCI_RUNTIME" "$@" ;;
	esac
}
# eventually SENTENCE COMMAND…: it succeeds within ten seconds
eventually() {
	local sentence=$1
	shift
	for _ in {1..100}; do
		"$@" >/dev/null 2>&1 && break
		sleep 0.1
	done
	ok "$sentence" "$@"
}
# build_image: an image `bb` of busybox alone, FROM scratch
image_context() {
	mkdir -p "$work/context"
	cp /bin/busybox "$work/context/"
	cat >"$work/context/Containerfile" <<-'END'
		FROM scratch
		COPY busybox /bin/busybox
		RUN ["/bin/busybox", "--install", "-s", "/bin"]
		RUN mkdir -p /etc /root /tmp && chmod 1777 /tmp && \
			echo root:x:0:0:root:/root:/bin/sh >/etc/passwd && echo root:x:0: >/etc/group && \
			echo user:x:1000:1000:user:/tmp:/bin/sh >>/etc/passwd && echo user:x:1000: >>/etc/group
		CMD ["/bin/sh"]
	END
}
# tell FORMAT CONTAINER: what podman says about it
tell() {
	engine inspect --format "{{$1}}" "$2"
}
# in_file FILE PATTERN
in_file() {
	grep -qE -- "$2" "$1"
}
# says PATTERN COMMAND…: its output has that
says() {
	"${@:2}" 2>&1 | grep -qE -- "$1"
}
# podman_ready: with its store, and the image bb in it, or the test ends
podman_ready() {
	engines_mounts
	podman_conf "$store"
	image_context
	ok "build" engine build -q --network none -t bb "$work/context"
	[ $failed = 0 ] || finish
}
