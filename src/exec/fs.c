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

/* What overlay says to the kernel's log only; see Documentation/filesystems/overlayfs.rst. */
static const struct {
	const char *type;
	int code;
	const char *because;
} reasons[] = {
	{"overlay", EINVAL,
	 "without upper it takes at least two lower layers; upper and work go together, are two "
	 "directories of one mount, and not every file system can hold them: no overlay, proc or "
	 "NFS can"},
	{"overlay", ELOOP,
	 "a layer is the same directory as another layer, upper or work, or inside it"},
	{"overlay", EBUSY, "upper or work is in use by another overlay"},
	{"overlay", ESTALE, "upper or work was made for other layers"},
};

static const char *reason(const char *type, int code)
{
	for (size_t i = 0; i < ARRAY_SIZE(reasons); i++)
		if (!strcmp(reasons[i].type, type) && reasons[i].code == code)
			return reasons[i].because;
	return code == EINVAL ? "the kernel does not say why; its log, see dmesg(1), may" : NULL;
}

/* The kernel explains a refusal in the context's log: "e tmpfs: Bad value for 'size'". */
static void read_log(int context, struct buf *said)
{
	char line[512];
	ssize_t n;

	while ((n = read(context, line, sizeof(line) - 1)) > 0) {
		line[n] = 0;
		line[strcspn(line, "\n")] = 0;
		if (said->len)
			buf_adds(said, "; ");
		buf_adds(said, line[1] == ' ' ? line + 2 : line);
	}
}

static int refuse(int context, const char *type, int code, const char *what, struct err *err)
{
	AUTO(buf) struct buf said = {0};

	const char *because = reason(type, code);

	read_log(context, &said);
	if (said.len)
		return err_set(err, code, "%s (kernel: %s)", what, said.data);
	if (because)
		return err_say(err, code, "%s: %s (%s)", what, because, strerror(code));
	return err_set(err, code, "%s", what);
}

/*
 * A directory by descriptor: the way around the limit of a string for overlay, from Linux 6.13 on.
 * -1: not to be had.
 */
static int set_directory(int context, const char *key, const char *path)
{
	AUTO_FD int fd = *path == '/' ? open(path, O_PATH | O_DIRECTORY | O_CLOEXEC) : -1;

	return fd < 0 ? -1 : fsconfig(context, FSCONFIG_SET_FD, key, NULL, fd);
}

static int set_option(int context, const char *type, const char *option, struct err *err)
{
	const char *equals = strchr(option, '=');
	AUTO_FREE char *key =
		xstrndup(option, (size_t)((equals ? equals : strchr(option, 0)) - option));
	int rc;

	if (equals && strlen(equals + 1) > VALUE_MAX) {
		if (set_directory(context, key, equals + 1) == 0)
			return 0;
		return err_say(err, E2BIG, "the value of %s is longer than the kernel's %d bytes",
			       key, VALUE_MAX);
	}
	rc = equals ? fsconfig(context, FSCONFIG_SET_STRING, key, equals + 1, 0)
		    : fsconfig(context, FSCONFIG_SET_FLAG, key, NULL, 0);
	if (rc < 0) {
		int code = errno;
		AUTO_FREE char *what = xasprintf("option '%s'", option);
		return refuse(context, type, code, what, err);
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

static int set_options(int context, const char *type, const struct strv *options, struct err *err)
{
	for (size_t i = 0; i < options->n; i++)
		if (set_option(context, type, options->v[i], err) < 0)
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
	if (set_options(context, op->text, options, err) < 0)
		return err_add(err, "%s", op->text);
	if (fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0) < 0)
		return errno == EPERM ? exec_why(op, EPERM, err)
				      : refuse(context, op->text, errno, op->text, err);
	int fd = fsmount(context, FSMOUNT_CLOEXEC, (unsigned)op->attr.set);
	if (fd < 0 && errno == EPERM)
		return err_say(
			err, EPERM,
			"%s: a user namespace may mount it only where the host's own is "
			"fully visible, and with namespaces of its own (proc: pid, sysfs: net)",
			op->text);
	return fd < 0 ? refuse(context, op->text, errno, "fsmount", err) : fd;
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
	if (set_options(context, "", &op->options, err) < 0)
		return -err->code;
	if (fsconfig(context, FSCONFIG_CMD_RECONFIGURE, NULL, NULL, 0) < 0)
		return refuse(context, "", errno, "reconfigure", err);
	return 0;
}
