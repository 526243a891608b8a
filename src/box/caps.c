// SPDX-License-Identifier: Apache-2.0
/*
 * Becoming the user, with the capabilities that were asked for and no other; see
 * capabilities(7). Whatever is set is read back: a program that would run with more than it
 * was given does not run.
 */
#include "box/identity.h"
#include "box/process.h"
#include "base/mem.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <linux/securebits.h>

/* What docker and podman leave a container. */
static const cap_value_t default_caps[] = {
	CAP_CHOWN,	CAP_DAC_OVERRIDE, CAP_FSETID,		CAP_FOWNER,	 CAP_MKNOD,
	CAP_NET_RAW,	CAP_SETGID,	  CAP_SETUID,		CAP_SETFCAP,	 CAP_SETPCAP,
	CAP_SYS_CHROOT, CAP_KILL,	  CAP_NET_BIND_SERVICE, CAP_AUDIT_WRITE,
};

static uint64_t all_caps(void)
{
	return (1ULL << (cap_max_bits() & 63)) - 1;
}

uint64_t identity_cap_bits(const char *name)
{
	AUTO_FREE char *lower = xasprintf("%s%s", strncasecmp(name, "cap_", 4) ? "cap_" : "", name);
	cap_value_t value;

	if (!strcasecmp(name, "all"))
		return all_caps();
	for (char *p = lower; *p; p++)
		*p = (char)tolower((unsigned char)*p);
	return cap_from_name(lower, &value) == 0 ? 1ULL << value : 0;
}

static int sum_caps(const struct strv *names, const char *option, uint64_t *ret, struct err *err)
{
	*ret = 0;
	for (size_t i = 0; i < names->n; i++) {
		uint64_t bits = identity_cap_bits(names->v[i]);
		if (!bits)
			return err_say(err, EINVAL,
				       "%s %s: there is no such capability; expected a name of "
				       "capabilities(7), like SYS_ADMIN, or ALL",
				       option, names->v[i]);
		*ret |= bits;
	}
	return 0;
}

/* The wanted set; *ret_added: those asked for by name, which a user other than root gets too. */
static int wanted_caps(const struct spec *spec, uint64_t *ret, uint64_t *ret_added, struct err *err)
{
	uint64_t caps = 0, drop;

	if (sum_caps(&spec->cap_add, "--cap-add", ret_added, err) < 0 ||
	    sum_caps(&spec->cap_drop, "--cap-drop", &drop, err) < 0)
		return -err->code;
	for (size_t i = 0; i < ARRAY_SIZE(default_caps); i++)
		caps |= 1ULL << default_caps[i];
	if (spec->caps_all)
		caps = all_caps();
	/* As docker has it: dropping ALL still leaves what is added by name, and the other way. */
	if (strv_has(&spec->cap_drop, "ALL") || strv_has(&spec->cap_drop, "all"))
		*ret = *ret_added;
	else
		*ret = (caps | *ret_added) & ~drop;
	*ret_added &= *ret;
	return 0;
}

int identity_check_caps(const struct spec *spec, struct err *err)
{
	uint64_t caps, added;

	return wanted_caps(spec, &caps, &added, err);
}

/* Those of `caps` that the bounding set has. */
static uint64_t bounded(uint64_t caps)
{
	for (int cap = 0; cap < cap_max_bits(); cap++)
		if (caps & 1ULL << cap && prctl(PR_CAPBSET_READ, cap) != 1)
			caps &= ~(1ULL << cap);
	return caps;
}

static int drop_bounding(uint64_t keep, struct err *err)
{
	for (int cap = 0; cap < cap_max_bits(); cap++) {
		if (keep & 1ULL << cap)
			continue;
		if (prctl(PR_CAPBSET_DROP, cap) < 0)
			return err_set(err, errno, "drop capability %d from the bounding set", cap);
		if (prctl(PR_CAPBSET_READ, cap) != 0)
			return err_say(err, EPERM, "capability %d is still in the bounding set",
				       cap);
	}
	return 0;
}

static int set_ids(const struct identity *id, struct err *err)
{
	uid_t r, e, s;

	if (setgroups(id->n_groups, id->groups) == 0) {
		if (!process_has_groups(id->n_groups, id->groups))
			return err_say(err, EPERM, "--user: the groups did not become the user's");
	} else {
		char verdict[8] = "";
		int fd = open("/proc/self/setgroups", O_RDONLY | O_CLOEXEC);
		ssize_t n = fd < 0 ? 0 : read(fd, verdict, sizeof(verdict) - 1);
		if (fd >= 0)
			close(fd);
		/* A single-id user namespace denies it, and then there is nothing to drop either.
		 */
		if (n > 0 && strncmp(verdict, "deny", 4))
			return err_say(err, EPERM, "--user: the groups of the user cannot be set");
	}
	if (setresgid(id->gid, id->gid, id->gid) < 0)
		return err_set(err, errno, "--user: group %u is not mapped in this user namespace",
			       id->gid);
	if (getresgid(&r, &e, &s) < 0 || r != id->gid || e != id->gid || s != id->gid)
		return err_say(err, EPERM, "--user: the group id did not become %u", id->gid);
	if (setresuid(id->uid, id->uid, id->uid) < 0)
		return err_set(err, errno, "--user: user %u is not mapped in this user namespace",
			       id->uid);
	if (getresuid(&r, &e, &s) < 0 || r != id->uid || e != id->uid || s != id->uid)
		return err_say(err, EPERM, "--user: the user id did not become %u", id->uid);
	return 0;
}

static void add_flags(cap_t state, cap_flag_t flag, uint64_t caps)
{
	for (cap_value_t cap = 0; cap < cap_max_bits(); cap++)
		if (caps & 1ULL << cap)
			cap_set_flag(state, flag, 1, &cap, CAP_SET);
}

static uint64_t effective_set(void)
{
	cap_t state = cap_get_proc();
	uint64_t set = 0;

	for (cap_value_t cap = 0; state && cap < cap_max_bits(); cap++) {
		cap_flag_value_t has;
		if (cap_get_flag(state, cap, CAP_EFFECTIVE, &has) == 0 && has == CAP_SET)
			set |= 1ULL << cap;
	}
	cap_free(state);
	return set;
}

/* Permitted and effective; for a user other than root also ambient, to survive execve. */
static int set_caps(uint64_t caps, bool ambient, struct err *err)
{
	cap_t state = cap_init();

	add_flags(state, CAP_PERMITTED, caps);
	add_flags(state, CAP_EFFECTIVE, caps);
	if (ambient)
		add_flags(state, CAP_INHERITABLE, caps);
	int rc = cap_set_proc(state);
	int code = errno;
	cap_free(state);
	if (rc < 0)
		return err_set(err, code,
			       "set capabilities: more were asked for than mntns itself has");
	for (cap_value_t cap = 0; ambient && cap < cap_max_bits(); cap++)
		if (caps & 1ULL << cap && cap_set_ambient(cap, CAP_SET) < 0)
			return err_set(err, errno, "raise ambient capability %d", cap);
	if (effective_set() != caps)
		return err_say(err, EPERM, "the capabilities are not the ones that were set");
	return 0;
}

static int refuse_missing(uint64_t missing, struct err *err)
{
	for (cap_value_t cap = 0; cap < cap_max_bits(); cap++) {
		if (!(missing & 1ULL << cap))
			continue;
		char *name = cap_to_name(cap);
		err_say(err, EPERM, "--cap-add %s: mntns itself does not have this capability",
			name ? name : "?");
		cap_free(name);
		return -EPERM;
	}
	return 0;
}

int identity_become(const struct spec *spec, const struct identity *id, struct err *err)
{
	uint64_t caps, added, has;

	if (wanted_caps(spec, &caps, &added, err) < 0)
		return -err->code;
	has = bounded(caps | added) & effective_set();
	/* ALL, and the default set, mean as many of them as there are; a name means that one. */
	if (!strv_has(&spec->cap_add, "ALL") && !strv_has(&spec->cap_add, "all") && added & ~has)
		return refuse_missing(added & ~has, err);
	caps &= has;
	added &= has;
	if (drop_bounding(caps, err) < 0)
		return -err->code;
	prctl(PR_SET_KEEPCAPS, 1);
	if (set_ids(id, err) < 0 || set_caps(id->uid ? added : caps, id->uid != 0, err) < 0)
		return -err->code;
	prctl(PR_SET_KEEPCAPS, 0);
	if (spec->no_new_privs && prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_set(err, errno, "no_new_privs");
	return 0;
}
