/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a user asks for: a program and the file-system view it shall have. Filled by a front
 * end (cli: options and profile files; oci: config.json), turned into ops by box/compile.c
 * and into a running process by box/start.c. Pure data: strings are owned by the spec.
 */
#ifndef BOX_SPEC_H
#define BOX_SPEC_H

#include <sys/types.h>

#include "mnt/attr.h"

/* One mount inside the box, in the order in which the user gave them. */
struct spec_mount {
	char *type;	   /* "bind", "rbind" or a file system type */
	char *source;	   /* host path of a bind; else NULL or the file system's source */
	char *target;	   /* absolute path inside the box */
	struct strv words; /* attribute words and file system options, see op/lower.h */
	char *said;	   /* the option as it was given: "--bind /a:/b" */
	bool no_symlinks;  /* no component of the target may be one */
	bool close_later;  /* read-only once everything is mounted */
	bool optional;	   /* where the source of the bind is missing, nothing is mounted */
	bool copy_up;	   /* starts with a copy of what it covers */
};

struct spec_limits {
	uint64_t memory;       /* bytes, 0: no limit */
	uint64_t cpu_quota_us; /* per 100,000 us of time, 0: no limit */
	uint64_t pids;	       /* 0: no limit */
};

/* A namespace that is there already. */
struct spec_join {
	uint64_t kind; /* one CLONE_NEW* */
	char *path;
};

struct spec_device {
	char *path;
	mode_t mode; /* with S_IFCHR, S_IFBLK or S_IFIFO */
	unsigned major, minor;
	uid_t uid;
	gid_t gid;
};

struct spec_rlimit {
	int resource;
	uint64_t soft, hard;
};

enum spec_caps {
	SPEC_CAPS_BOUNDING,
	SPEC_CAPS_EFFECTIVE,
	SPEC_CAPS_INHERITABLE,
	SPEC_CAPS_PERMITTED,
	SPEC_CAPS_AMBIENT,
	SPEC_CAPS_MAX,
};

/* See sched_setattr(2). */
struct spec_scheduler {
	bool is_set;
	unsigned policy, priority;
	int nice;
	uint64_t flags, runtime, deadline, period; /* ns */
};

#define SPEC_CPUS  1024
#define SPEC_NODES 1024
#define SPEC_WORDS (1024 / (8 * sizeof(unsigned long)))

struct spec_cpus {
	bool is_set;
	unsigned long bits[SPEC_WORDS];
};

/* See set_mempolicy(2). */
struct spec_memory {
	bool is_set, has_nodes;
	unsigned mode, flags;
	unsigned long nodes[SPEC_WORDS];
};

#define SPEC_FILTER_STEP 8 /* sizeof(struct sock_filter) */

/*
 * A process of a container, where a front end says all of it and nothing has a default: numbers
 * instead of names, each set of capabilities.
 */
struct spec_process {
	uid_t uid;
	gid_t gid;
	gid_t *groups;
	size_t n_groups;
	uint64_t caps[SPEC_CAPS_MAX];
	mode_t umask;
	struct spec_rlimit *rlimits;
	size_t n_rlimits;
	bool has_oom_score_adj;
	int oom_score_adj;
	void *seccomp;	    /* struct sock_filter[], NULL: none */
	size_t seccomp_len; /* of them */
	unsigned seccomp_flags;
	unsigned short rows, columns; /* of the terminal; 0: unsaid */
	bool set_no_new_privs;
	bool keep_keyring; /* of the session: the caller's, instead of a new one */
	struct spec_scheduler scheduler;
	int io_priority; /* as ioprio_set(2) wants it, 0: unchanged */
	/* Of one that joins a container: before it is in the cgroups, and then. */
	struct spec_cpus cpus_before, cpus;
	struct spec_memory memory;
	bool has_personality;
	unsigned personality;
	char *apparmor, *selinux; /* labels, NULL: none */
};

struct spec {
	/* The root: a directory, or "/" for a private copy of the host's tree. */
	char *root;
	bool overlay;	    /* writes go to a throw-away layer */
	struct strv layers; /* read-only directories on top of root, first on top */
	char *upper;	    /* directory that keeps the writes; NULL: none */
	char *work;	    /* overlay's work directory; NULL: UPPER.work beside it */
	bool read_only;
	uint64_t propagation; /* of root and mounts that do not say theirs; 0: unchanged */
	struct spec_mount *mounts;
	size_t n_mounts;
	bool proc, dev, sys; /* the default mounts */
	bool mask;	     /* hide and protect the usual paths below /proc and /sys */

	uint64_t unshare; /* CLONE_NEW* besides CLONE_NEWNS, which is always there */
	char *idmap;	  /* of the user namespace, see mnt/attr.h; NULL: the default one */

	struct strv argv; /* the program; argv[0] is looked for in PATH of env */
	struct strv env;  /* complete environment, K=V */
	char *workdir;	  /* inside the box; NULL: / */
	char *hostname;	  /* NULL: unchanged */
	char *user;	  /* "UID[:GID]" or "NAME[:GROUP]" of the box's /etc/passwd; NULL: root */
	bool caps_all;	  /* start from all capabilities rather than from the default set */
	struct strv cap_add, cap_drop; /* names as in capabilities(7), or ALL */
	bool no_new_privs;
	bool init; /* a reaping PID 1 in front of the program */
	bool tty;  /* a new terminal */
	bool detach;
	struct spec_limits limits;
	char *name; /* NULL: none was given */

	/* A container's; `process` stands for user, caps_all, cap_add, cap_drop, no_new_privs. */
	struct spec_process *process;
	struct spec_join *joins;
	size_t n_joins;
	struct spec_device *devices;
	size_t n_devices;
	bool dev_links;	   /* /dev/fd, /dev/stdin, ..., /dev/ptmx where they are missing */
	struct strv links; /* more of them: "CONTENT=/PATH" */
	struct strv masked, protected; /* paths: hidden, read-only */
	struct strv sysctl;	       /* "net/ipv4/ip_forward=1" */
	char *domainname;	       /* NULL: unchanged */
	char *mount_label;	       /* of SELinux, for new file systems; NULL: none */
	char *time_offsets;	       /* lines for /proc/PID/timens_offsets; NULL: none */
	bool shared_mounts;	       /* no mount namespace of its own: nothing is mounted */
	bool late_root;		       /* the old root stays until all is mounted: hooks need it */
	unsigned preserve_fds;	       /* descriptors beyond the standard ones that stay open */
};

/* The default set of capabilities is the one of the other container engines. */
void spec_done(struct spec *spec);
void spec_mount_done(struct spec_mount *mount);
struct spec_mount *spec_add_mount(struct spec *spec, struct spec_mount mount);
/* True if ROOT is the host's own tree, not a directory to switch to. */
bool spec_is_host_root(const struct spec *spec);
/* The path of the namespace of this kind (one CLONE_NEW*) that is joined, or NULL. */
const char *spec_joined(const struct spec *spec, uint64_t kind);
/* One that is not the caller's: new, or joined. */
bool spec_has_namespace(const struct spec *spec, uint64_t kind);
/*
 * What is contradictory, dangerous or impossible before anything is tried: a sentence naming the
 * option. Warnings (a mount hidden by a later one, …) are appended to `warnings`. Pure.
 */
int spec_check(const struct spec *spec, struct strv *warnings, struct err *err);

#endif
