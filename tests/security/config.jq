# SPDX-License-Identifier: Apache-2.0
# A configuration as engines write it.
def caps: ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"];
def plain($type; $at; $options): {type: $type, source: $type, destination: $at, options: $options};
def bind($source; $at; $options): {type: "bind", source: $source, destination: $at, options: (["rbind"] + $options)};
def dev: plain("tmpfs"; "/dev"; ["nosuid", "strictatime", "mode=755", "size=65536k"]);
def add_mount($mount): .mounts += [$mount];
def without($at): .mounts |= map(select(.destination | startswith($at) | not));
def no_namespace($type): .linux.namespaces |= map(select(.type != $type));
def usual: {
	ociVersion: "1.0.2",
	process: {
		terminal: false, user: {uid: 0, gid: 0}, cwd: "/", args: ["/bin/true"],
		env: ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"],
		capabilities: {bounding: caps, effective: caps, permitted: caps},
		noNewPrivileges: true
	},
	root: {path: "rootfs", readonly: false},
	hostname: "box",
	mounts: [
		plain("proc"; "/proc"; []),
		dev,
		plain("devpts"; "/dev/pts"; ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"]),
		plain("tmpfs"; "/dev/shm"; ["nosuid", "noexec", "nodev", "mode=1777", "size=65536k"]),
		plain("mqueue"; "/dev/mqueue"; ["nosuid", "noexec", "nodev"]),
		plain("sysfs"; "/sys"; ["nosuid", "noexec", "nodev", "ro"])
	],
	linux: {
		namespaces: (["pid", "network", "ipc", "uts", "mount", "cgroup"] | map({type: .})),
		maskedPaths: ["/proc/acpi", "/proc/kcore", "/proc/keys", "/proc/timer_list", "/proc/scsi", "/sys/firmware"],
		resources: {devices: [{allow: false, access: "rwm"}]},
		readonlyPaths: ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]
	}
};
