// SPDX-License-Identifier: Apache-2.0
/* Log lines, each in one write(2): engines read the file while it grows. */
#include "oci/log.h"
#include "base/io.h"
#include "base/json.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

int log_open(struct log *log, const char *path, const char *format, struct err *err)
{
	if (format && strcmp(format, "json") && strcmp(format, "text"))
		return err_say(err, EINVAL, "--log-format: expected json or text, not '%s'",
			       format);
	log->json = format && !strcmp(format, "json");
	if (!path)
		return 0;
	log->fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
	return log->fd < 0 ? err_set(err, errno, "--log %s", path) : 0;
}

static char *now(void)
{
	time_t t = time(NULL);
	struct tm tm;
	char text[64];

	gmtime_r(&t, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &tm);
	return xstrdup(text);
}

void log_line(const struct log *log, const char *level, const char *text)
{
	AUTO_FREE char *time = now();
	AUTO_FREE char *printable = str_printable(text);
	AUTO_FREE char *line = NULL;

	if (log->json) {
		json_t *json =
			json_pack("{s:s s:s s:s}", "msg", printable, "level", level, "time", time);
		AUTO_FREE char *object = json_dumps(json, JSON_COMPACT);
		json_decref(json);
		line = xasprintf("%s\n", object ? object : "{}");
	} else if (log->fd >= 0) {
		line = xasprintf("time=\"%s\" level=%s msg=\"%s\"\n", time, level, printable);
	} else {
		bool plain = !strcmp(level, "error");
		line = xasprintf("mntns-oci: %s%s%s\n", plain ? "" : level, plain ? "" : ": ",
				 printable);
	}
	io_write_all(log->fd >= 0 ? log->fd : STDERR_FILENO, line, strlen(line));
}

void log_error(const struct log *log, const struct err *err)
{
	AUTO_FREE char *text = str_printable(err->msg);

	log_line(log, "error", err->msg);
	if (log->fd >= 0)
		fprintf(stderr, "%s\n", text);
}

void log_done(struct log *log)
{
	auto_close(&log->fd);
}

void log_warnings(const struct log *log, const struct strv *warnings)
{
	for (size_t i = 0; i < warnings->n; i++)
		log_line(log, "warning", warnings->v[i]);
}
