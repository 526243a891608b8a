// SPDX-License-Identifier: Apache-2.0
/*
 * The records of boxes that run. A record is born as a draft that is locked and complete before
 * it is linked to its name: under that name there is never one that is neither held nor whole.
 * link(2) decides who gets a name.
 */
#include "base/io.h"
#include "base/mem.h"
#include "box/journal_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <time.h>

#define NAME_MAX_LEN 63
/* Somebody may be burying the name's last holder just now: that long we ask again. */
#define PATIENCE_TRIES 50
#define PATIENCE_NS    5000000

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

bool journal_name_is_valid(const char *name)
{
	size_t len = strlen(name);

	return len <= NAME_MAX_LEN && strspn(name, LETTERS) > 0 &&
	       strspn(name, LETTERS "_+-.") == len;
}

int journal_check_name(const char *name, struct err *err)
{
	if (journal_name_is_valid(name))
		return 0;
	AUTO_FREE char *shown = str_printable(name);
	return err_say(err, EINVAL,
		       "'%s' is not a name for a box; expected 1 to %d letters, digits and _ + - . "
		       "with a letter or digit first",
		       shown, NAME_MAX_LEN);
}

int journal_dir(bool create, struct err *err)
{
	AUTO_FREE char *runtime = NULL;
	int rc = runtime_dir(create, &runtime, err);

	if (rc < 0)
		return rc;
	AUTO_FREE char *dir = xasprintf("%s/boxes", runtime);
	if (create && mkdir(dir, 0700) < 0 && errno != EEXIST)
		return err_set(err, errno, "make %s", dir);
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	return fd < 0 ? err_set(err, errno, "open %s", dir) : fd;
}

int journal_write(struct journal *j, const struct record *record, struct err *err)
{
	AUTO_FREE char *text = NULL;
	int rc = record_print(record, &text, err);

	if (rc < 0)
		return rc;
	/* Over the old one, not after emptying it: a kill in between must not lose it. */
	ssize_t len = (ssize_t)strlen(text), n = pwrite(j->fd, text, (size_t)len, 0);
	if (n < 0 || ftruncate(j->fd, n) < 0)
		return err_set(err, errno, "write the record of box %s", j->id);
	if (n < len)
		return err_set(err, ENOSPC, "write the record of box %s", j->id);
	return 0;
}

static char *random_name(void)
{
	uint64_t bits = 0;

	while (getrandom(&bits, sizeof(bits), 0) != sizeof(bits))
		;
	return xasprintf("%016llx", (unsigned long long)bits);
}

/* A new file under the name of a draft, locked. -EAGAIN: a cleaner was faster than our lock. */
static int make_file(int dirfd, const char *draft, struct err *err)
{
	AUTO_FD int fd = openat(dirfd, draft, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	struct stat st;

	if (fd < 0)
		return err_set(err, errno, "make the record of a box");
	if (flock(fd, LOCK_EX | LOCK_NB) < 0 && errno == EWOULDBLOCK)
		return -EAGAIN;
	if (fstat(fd, &st) < 0)
		return err_set(err, errno, "lock a box's record");
	return st.st_nlink ? TAKE_FD(fd) : -EAGAIN;
}

/* Makes the locked, complete record under the name of a draft. */
static int make_draft(struct journal *j, char **ret, struct err *err)
{
	AUTO_FREE char *draft = NULL;
	int rc;

	do {
		AUTO_FREE char *bits = random_name();
		free(draft);
		draft = xasprintf("%c%s", JOURNAL_DRAFT, bits);
		rc = make_file(j->dirfd, draft, err);
	} while (rc == -EAGAIN);
	if (rc < 0)
		return rc;
	j->fd = rc;
	rc = journal_write(j, &(struct record){0}, err);
	if (rc < 0)
		unlinkat(j->dirfd, draft, 0);
	else
		*ret = TAKE_PTR(draft);
	return rc;
}

static int name_refused(const char *name, int rc, struct err *err)
{
	if (rc == -EWOULDBLOCK)
		return err_say(err, EEXIST,
			       "a running box has the name '%s'; expected another name, or that "
			       "the box is stopped first",
			       name);
	if (rc == -EBUSY)
		return err_say(err, EBUSY,
			       "the name '%s' is not free: a process of a killed box of that name "
			       "cannot be killed",
			       name);
	if (rc == -ESTALE)
		return err_say(err, EBUSY,
			       "the name '%s' is not free: a killed box of that name left cgroups "
			       "that cannot be seen from this mount namespace",
			       name);
	return err_set(err, -rc, "take the name '%s'", name);
}

static int take_name(struct journal *j, const char *draft, const char *name, struct err *err)
{
	struct timespec nap = {.tv_nsec = PATIENCE_NS};
	int rc = 0;

	for (int i = 0; i < PATIENCE_TRIES && (rc == 0 || rc == -EWOULDBLOCK); i++) {
		if (linkat(j->dirfd, draft, j->dirfd, name, 0) == 0)
			return 0;
		if (errno != EEXIST)
			return err_set(err, errno, "make the record of box %s", name);
		rc = journal_bury(j->dirfd, name);
		if (rc == -EWOULDBLOCK)
			nanosleep(&nap, NULL);
	}
	return name_refused(name, rc ? rc : -EWOULDBLOCK, err);
}

int journal_open(struct journal *j, const char *name, struct err *err)
{
	AUTO_FREE char *draft = NULL;
	int rc = name ? journal_check_name(name, err) : 0;

	*j = (struct journal){.fd = -1, .dirfd = -1};
	if (rc < 0)
		return rc;
	rc = journal_dir(true, err);
	if (rc < 0)
		return rc;
	j->dirfd = rc;
	j->id = name ? xstrdup(name) : random_name();
	rc = make_draft(j, &draft, err);
	if (rc == 0) {
		rc = take_name(j, draft, j->id, err);
		unlinkat(j->dirfd, draft, 0);
	}
	if (rc < 0)
		journal_leave(j);
	return rc;
}

void journal_leave(struct journal *j)
{
	auto_close(&j->fd);
	auto_close(&j->dirfd);
	free(j->id);
	*j = (struct journal){.fd = -1, .dirfd = -1};
}

void journal_close(struct journal *j)
{
	/* Before the lock goes, or a cleaner would take the box for a killed one. */
	if (j->fd >= 0)
		unlinkat(j->dirfd, j->id, 0);
	journal_leave(j);
}
