// SPDX-License-Identifier: Apache-2.0
#include "oci/guess.h"
#include "sys/bare.h"

#include <fcntl.h>
#include <sched.h>
#include <stddef.h>

/* More than an engine writes. What is behind the end is not seen. */
static char text[128 * 1024];
static char path[4096];

/* The value of an option: `--long=X`, `--long X`, `-s X`. The last one counts. */
BARE static const char *option(char **argv, const char *with_value, const char *alone,
			       const char *letter)
{
	const char *found = 0;

	for (; *argv; argv++) {
		const char *value = bare_behind(*argv, with_value);
		if (value)
			found = value;
		else if (argv[1] && (bare_same(*argv, alone) || bare_same(*argv, letter)))
			found = argv[1];
	}
	return found;
}

/* DIR/NAME; what does not fit is cut off, and so is not found. */
BARE static void join(const char *dir, const char *name)
{
	size_t n = 0;

	for (; *dir && n < sizeof(path) - 1; dir++)
		path[n++] = *dir;
	for (; *name && n < sizeof(path) - 1; name++)
		path[n++] = *name;
	path[n] = 0;
}

BARE static long read_config(char **argv)
{
	const char *config = option(argv, "--config=", "--config", "-f");
	const char *bundle = option(argv, "--bundle=", "--bundle", "-b");

	if (!config)
		join(bundle ? bundle : ".", "/config.json");
	long fd = bare_call(SYS_openat, AT_FDCWD, ADDRESS(config ? config : path),
			    O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0, 0);
	return bare_call(SYS_read, fd, ADDRESS(text), sizeof(text) - 1, 0, 0);
}

/* In front of `end`. */
BARE static const char *find(const char *from, const char *end, const char *word)
{
	for (; from < end; from++)
		if (*from == '"' && bare_behind(from, word))
			return from;
	return 0;
}

/* Where one is joined, or belongs to a user namespace, none is made ahead. */
BARE uint64_t guess_namespaces(char **argv)
{
	long n = read_config(argv);
	uint64_t found = 0;

	if (n <= 0)
		return 0;
	text[n] = 0;
	const char *from = find(text, text + n, "\"namespaces\""), *end = from;
	if (!from)
		return 0;
	while (*end && *end != ']')
		end++;
	if (find(from, end, "\"path\"") || find(from, end, "\"user\"") ||
	    find(from, end, "\"time\"") || !find(from, end, "\"network\""))
		return 0;
	found |= find(from, end, "\"ipc\"") ? CLONE_NEWIPC : 0;
	found |= find(from, end, "\"uts\"") ? CLONE_NEWUTS : 0;
	return found | CLONE_NEWNET;
}
