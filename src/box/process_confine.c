// SPDX-License-Identifier: Apache-2.0
/*
 * Just before the program, what takes a process's powers away. Capabilities that mntns itself lacks
 * cannot be granted; the specification wants that to be no error.
 */
#include "box/listener.h"
#include "box/process.h"

#include <errno.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

struct sets {
	uint64_t effective, permitted, inheritable;
};

static int get_sets(struct sets *ret)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2];

	if (syscall(SYS_capget, &header, data) < 0)
		return -errno;
	*ret = (struct sets){
		data[0].effective | (uint64_t)data[1].effective << 32,
		data[0].permitted | (uint64_t)data[1].permitted << 32,
		data[0].inheritable | (uint64_t)data[1].inheritable << 32,
	};
	return 0;
}

static int set_sets(const struct sets *s)
{
	struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct data[2] = {
		{(uint32_t)s->effective, (uint32_t)s->permitted, (uint32_t)s->inheritable},
		{(uint32_t)(s->effective >> 32), (uint32_t)(s->permitted >> 32),
		 (uint32_t)(s->inheritable >> 32)},
	};

	return syscall(SYS_capset, &header, data) < 0 ? -errno : 0;
}

/* Up to the first that the kernel does not know: libcap's cap_max_bits() is too low after one
 * failed call. */
static int drop_bounding(uint64_t keep, struct err *err)
{
	for (int cap = 0; cap < 64; cap++) {
		if (keep & 1ULL << cap)
			continue;
		if (prctl(PR_CAPBSET_DROP, cap) == 0) {
			if (prctl(PR_CAPBSET_READ, cap) == 0)
				continue;
			return err_say(err, EPERM, "capability %d is still in the bounding set",
				       cap);
		}
		if (errno == EINVAL && cap > CAP_AUDIT_READ)
			return 0;
		return err_set(err, errno, "drop capability %d from the bounding set", cap);
	}
	return 0;
}

static int raise_ambient(uint64_t caps, struct err *err)
{
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) < 0)
		return err_set(err, errno, "clear ambient capabilities");
	for (int cap = 0; cap < 64; cap++) {
		if (!(caps & 1ULL << cap))
			continue;
		if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, cap, 0, 0) < 0)
			return err_set(err, errno, "raise ambient capability %d", cap);
		if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_IS_SET, cap, 0, 0) != 1)
			return err_say(err, EPERM, "ambient capability %d was not raised", cap);
	}
	return 0;
}

/* What was asked for, as far as there is anything to give. */
static struct sets wanted_sets(const struct spec_process *process, const struct sets *now)
{
	struct sets want = {.permitted = process->caps[SPEC_CAPS_PERMITTED] & now->permitted};

	want.effective = process->caps[SPEC_CAPS_EFFECTIVE] & want.permitted;
	want.inheritable = process->caps[SPEC_CAPS_INHERITABLE] & now->permitted;
	return want;
}

static int set_caps(const struct spec_process *process, const struct sets *want, struct err *err)
{
	struct sets got;
	int rc = set_sets(want);

	if (rc < 0)
		return err_set(err, -rc, "process.capabilities");
	if (raise_ambient(process->caps[SPEC_CAPS_AMBIENT] & want->permitted & want->inheritable,
			  err) < 0)
		return -err->code;
	if (get_sets(&got) < 0 || memcmp(&got, want, sizeof(got)) != 0)
		return err_say(err, EPERM,
			       "process.capabilities: they are not the ones that were set");
	return 0;
}

static int set_no_new_privs(const struct spec_process *process, struct err *err)
{
	if (!process->set_no_new_privs)
		return 0;
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0)
		return err_set(err, errno, "process.noNewPrivileges");
	if (prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) != 1)
		return err_say(err, EPERM, "process.noNewPrivileges: it was not set");
	return 0;
}

/*
 * Without no_new_privs a filter needs CAP_SYS_ADMIN, which is given up only after it: so the
 * filter must allow capset(2) and prctl(2), as that of every engine does.
 */
int process_confine(const struct spec_process *process, int sync, struct err *err)
{
	bool early = process->seccomp && !process->set_no_new_privs;
	struct sets now = {0};

	if (get_sets(&now) < 0)
		return err_set(err, errno, "capget");
	struct sets want = wanted_sets(process, &now);
	/* KEEPCAPS keeps the permitted set only. */
	struct sets full = {now.permitted, now.permitted, now.inheritable};
	if (set_sets(&full) < 0)
		return err_set(err, EPERM, "capset");
	if (drop_bounding(process->caps[SPEC_CAPS_BOUNDING], err) < 0)
		return -err->code;
	if (prctl(PR_SET_KEEPCAPS, 0) < 0)
		return err_set(err, errno, "keep no capabilities");
	if (set_no_new_privs(process, err) < 0 ||
	    (early && listener_load(process, sync, err) < 0) || set_caps(process, &want, err) < 0)
		return -err->code;
	return early ? 0 : listener_load(process, sync, err);
}
