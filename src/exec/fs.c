// SPDX-License-Identifier: Apache-2.0
/* The mount API by configuration context: each option is one fsconfig(2) call, never a string. */
#include "exec/fs.h"
#include "base/mem.h"
#include "exec/why.h"
#include "sys/probe.h"
#include "sys/uapi.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#define VALUE_MAX 255 /* fsconfig(2) takes no longer string */

/* The kernel explains a refusal in the context's log: "e tmpfs: Bad value for 'size'". */
static int refuse(int context, int code, const char *what, struct err *err)
{
	char line[512];
	AUTO(buf) struct buf said = {0};
	ssize_t n;

	while ((n = read(context, line, sizeof(line) - 1)) > 0) {
		line[n] = 0;
		line[strcspn(line, "\n")] = 0;
		if (said.len)
			buf_adds(&said, "; ");
		buf_adds(&said, line[1] == ' ' ? line + 2 : line);
	}
	if (said.len)
		return err_set(err, code, "%s (kernel: %s)", what, said.data);
	return err_set(err, code, "%s", what);
}

static int set_option(int context, const char *option, struct err *err)
{
	const char *equals = strchr(option, '=');
	AUTO_FREE char *key =
		xstrndup(option, (size_t)((equals ? equals : strchr(option, 0)) - option));
	int rc;

	if (equals && strlen(equals + 1) > VALUE_MAX)
		return err_say(err, E2BIG, "the value of %s is longer than the kernel's %d bytes",
			       key, VALUE_MAX);
	rc = equals ? fsconfig(context, FSCONFIG_SET_STRING, key, equals + 1, 0)
		    : fsconfig(context, FSCONFIG_SET_FLAG, key, NULL, 0);
	if (rc < 0) {
		int code = errno;
		AUTO_FREE char *what = xasprintf("option '%s'", option);
		return refuse(context, code, what, err);
	}
	return 0;
}

/* Before Linux 6.8 overlay takes all lower layers as one string, with : and \ escaped. */
static void join_layers(const struct strv *options, struct strv *ret)
{
	AUTO(buf) struct buf lower = {0};

	for (size_t i = 0; i < options->n; i++) {
		const char *layer = options->v[i] + strlen("lowerdir+=");
		if (!str_starts(options->v[i], "lowerdir+=")) {
			strv_add(ret, options->v[i]);
			continue;
		}
		buf_adds(&lower, lower.len ? ":" : "lowerdir=");
		for (; *layer; layer++) {
			if (strchr(":\\,", *layer))
				buf_addc(&lower, '\\');
			buf_addc(&lower, *layer);
		}
	}
	if (lower.len)
		strv_add(ret, lower.data);
}

static int set_options(int context, const struct strv *options, struct err *err)
{
	for (size_t i = 0; i < options->n; i++)
		if (set_option(context, options->v[i], err) < 0)
			return -err->code;
	return 0;
}

static int create(const struct op *op, const struct strv *options, struct err *err)
{
	AUTO_FD int context = fsopen(op->text, FSOPEN_CLOEXEC);

	if (context < 0 && errno == ENODEV)
		return err_say(err, ENODEV,
			       "this kernel has no file system '%s'; see /proc/filesystems",
			       op->text);
	if (context < 0)
		return exec_why(op, errno, err);
	if (set_options(context, options, err) < 0)
		return err_add(err, "%s", op->text);
	if (fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return errno == EPERM ? exec_why(op, EPERM, err)
				      : refuse(context, errno, op->text, err);
	int fd = fsmount(context, FSMOUNT_CLOEXEC, (unsigned)op->attr.set);
	if (fd < 0 && errno == EPERM)
		return err_say(err, EPERM,
			       "%s: a user namespace may mount it only where the host's own is "
			       "fully visible, "
			       "and with namespaces of its own (proc: pid, sysfs: net)",
			       op->text);
	return fd < 0 ? refuse(context, errno, "fsmount", err) : fd;
}

static bool has_layers(const struct strv *options)
{
	for (size_t i = 0; i < options->n; i++)
		if (str_starts(options->v[i], "lowerdir+="))
			return true;
	return false;
}

int exec_fs_mount(const struct op *op, struct err *err)
{
	AUTO(strv) struct strv joined = {0};

	if (!has_layers(&op->options))
		return create(op, &op->options, err);
	if (probe_may_try(PROBE_OVERLAY_LOWERDIR)) {
		int fd = create(op, &op->options, err);
		if (fd != -EINVAL)
			return fd;
	}
	join_layers(&op->options, &joined);
	return create(op, &joined, err);
}

int exec_fs_reconfigure(int fd, const struct op *op, struct err *err)
{
	AUTO_FD int context = fspick(fd, "", FSPICK_CLOEXEC | FSPICK_EMPTY_PATH);

	if (context < 0)
		return err_set(err, errno, "fspick");
	if (set_options(context, &op->options, err) < 0)
		return -err->code;
	if (fsconfig(context, FSCONFIG_CMD_RECONFIGURE, NULL, NULL, 0) < 0)
		return refuse(context, errno, "reconfigure", err);
	return 0;
}
