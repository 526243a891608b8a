// SPDX-License-Identifier: Apache-2.0
/* Text that the user hands in, and text that goes to standard output. */
#include "cli/text.h"
#include "base/io.h"
#include "base/mem.h"
#include "exec/print.h"
#include "op/json.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

#define SCRIPT_MAX (16 << 20)

static int read_all(int fd, const char *file, size_t max, struct buf *ret, struct err *err)
{
	AUTO(buf) struct buf text = {0};
	char chunk[4096];
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(err, errno, "read %s", file);
		if (memchr(chunk, 0, (size_t)n))
			return err_say(err, EINVAL, "%s is no text: it holds a NUL byte", file);
		if (text.len + (size_t)n > max)
			return err_say(err, EFBIG, "%s is larger than %zu bytes", file, max);
		buf_add(&text, chunk, (size_t)n);
	}
	buf_add(&text, "", 0);
	*ret = text;
	text = (struct buf){0};
	return 0;
}

int text_read(const char *file, size_t max, struct buf *ret, struct err *err)
{
	AUTO_FD int fd = -1;

	if (!strcmp(file, "-"))
		return read_all(STDIN_FILENO, "standard input", max, ret, err);
	fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0)
		return err_set(err, errno, "open %s", file);
	return read_all(fd, file, max, ret, err);
}

int text_print(const struct buf *out, struct err *err)
{
	int rc = out->len ? io_write_all(STDOUT_FILENO, out->data, out->len) : 0;

	return rc < 0 ? err_set(err, -rc, "standard output") : 0;
}

int text_print_ops(const struct ops *ops, bool json, struct err *err)
{
	AUTO(buf) struct buf out = {0};

	if (json) {
		json_t *list = ops_to_json(ops);
		AUTO_FREE char *text = json_dumps(list, JSON_INDENT(2));
		json_decref(list);
		if (!text)
			abort(); /* out of memory */
		buf_addf(&out, "%s\n", text);
	} else {
		exec_print(ops, &out);
	}
	return text_print(&out, err);
}

int text_parse_ops(const char *file, char *const *lines, size_t n, struct ops *ops, struct err *err)
{
	AUTO(buf) struct buf text = {0};
	AUTO(buf) struct buf words = {0};

	if (file && (text_read(file, SCRIPT_MAX, &text, err) < 0 ||
		     ops_parse(ops, file, text.data, err) < 0))
		return -err->code;
	for (size_t i = 0; i < n; i++)
		buf_addf(&words, "%s\n", lines[i]);
	if (n && ops_parse(ops, "arguments", words.data, err) < 0)
		return -err->code;
	return ops_check(ops, err);
}
