/* SPDX-License-Identifier: Apache-2.0 */
/* What engines read: one line an event, in the file of --log or on standard error. */
#ifndef OCI_LOG_H
#define OCI_LOG_H

#include "base/str.h"

struct log {
	int fd; /* -1: standard error */
	int json;
	int debug;
};

int log_open(struct log *log, const char *path, const char *format, struct err *err);
/* level: "error", "warning", "debug" */
void log_line(const struct log *log, const char *level, const char *text);
/* An error of a command, on standard error too. */
void log_error(const struct log *log, const struct err *err);
void log_done(struct log *log);

/* Each as a warning. */
void log_warnings(const struct log *log, const struct strv *warnings);

#endif
