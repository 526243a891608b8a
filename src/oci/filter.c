// SPDX-License-Identifier: Apache-2.0
#include "oci/filter.h"
#include "base/io.h"
#include "base/map.h"
#include "base/mem.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <linux/filter.h>

#define KEPT_MAX 32 /* programs */

void filter_done(struct filter *filter)
{
	free(filter->archs);
	free(filter->rules);
	strv_done(&filter->unknown);
}

static int export(scmp_filter_ctx ctx, struct spec_process *process, struct err *err)
{
	AUTO_FD int fd = memfd_create("seccomp", MFD_CLOEXEC);
	int rc = fd < 0 ? -errno : seccomp_export_bpf(ctx, fd);
	off_t size = rc < 0 ? 0 : lseek(fd, 0, SEEK_END);

	if (rc < 0 || size <= 0)
		return err_set(err, rc < 0 ? -rc : EIO, "linux.seccomp: compile the filter");
	process->seccomp = xcalloc((size_t)size, 1);
	process->seccomp_len = (size_t)size / sizeof(struct sock_filter);
	if (process->seccomp_len > BPF_MAXINSNS)
		return err_say(err, E2BIG, "linux.seccomp: the filter has more than %d steps",
			       BPF_MAXINSNS);
	return pread(fd, process->seccomp, (size_t)size, 0) == size
		       ? 0
		       : err_set(err, EIO, "linux.seccomp: read the filter");
}

static int rule_failed(const struct filter_rule *rule, int code, struct err *err)
{
	char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, rule->number);

	err_say(err, EINVAL, "linux.seccomp.syscalls: %s: %s", name ? name : "?", strerror(code));
	free(name);
	return -EINVAL;
}

static int add_all(const struct filter *f, scmp_filter_ctx ctx, struct err *err)
{
	/* The kernel's own default for what is of no architecture of the list stays: kill. */
	seccomp_attr_set(ctx, SCMP_FLTATR_CTL_NNP, 0);
	seccomp_attr_set(ctx, SCMP_FLTATR_CTL_OPTIMIZE, 2);
	for (size_t i = 0; i < f->n_archs; i++) {
		int rc = seccomp_arch_add(ctx, f->archs[i]);
		if (rc < 0 && rc != -EEXIST)
			return err_say(err, EINVAL, "linux.seccomp.architectures: %s",
				       strerror(-rc));
	}
	for (size_t i = 0; i < f->n_rules; i++) {
		const struct filter_rule *r = &f->rules[i];
		int rc = seccomp_rule_add_array(ctx, r->action, r->number, r->n, r->args);
		if (rc < 0 && rc != -EEXIST)
			return rule_failed(r, -rc, err);
	}
	return 0;
}

static int compile(const struct filter *f, struct spec_process *process, struct err *err)
{
	scmp_filter_ctx ctx = seccomp_init(f->default_action);
	int rc = ctx ? add_all(f, ctx, err) : err_set(err, ENOMEM, "linux.seccomp");

	if (rc == 0)
		rc = export(ctx, process, err);
	seccomp_release(ctx);
	return rc;
}

/* --- programs of before --- */

/* All that a program depends on, byte by byte. */
static void add_key(const struct filter *f, struct buf *key)
{
	const struct scmp_version *v = seccomp_version();

	buf_addf(key, "mntns %s libseccomp %u.%u.%u default %x\n", MNTNS_VERSION, v->major,
		 v->minor, v->micro, f->default_action);
	for (size_t i = 0; i < f->n_archs; i++)
		buf_addf(key, "arch %x\n", f->archs[i]);
	for (size_t i = 0; i < f->n_rules; i++) {
		const struct filter_rule *r = &f->rules[i];
		buf_addf(key, "%x %d", r->action, r->number);
		for (unsigned k = 0; k < r->n; k++)
			buf_addf(key, " %u %d %llx %llx", r->args[k].arg, (int)r->args[k].op,
				 (unsigned long long)r->args[k].datum_a,
				 (unsigned long long)r->args[k].datum_b);
		buf_addc(key, '\n');
	}
}

struct head {
	uint64_t key_len, program_len, sum; /* in bytes; of the program */
};

/* Where nobody else can write; -1: there is no such place. */
static int open_kept(const char *kept)
{
	AUTO_FREE char *path = xasprintf("%s/.filters", kept);
	AUTO_FD int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	struct stat st;

	if (fd < 0 || fstat(fd, &st) < 0 || st.st_uid != geteuid() ||
	    st.st_mode & (S_IWGRP | S_IWOTH))
		return -1;
	return TAKE_FD(fd);
}

static bool take_kept(const struct buf *text, const struct buf *key, struct spec_process *process)
{
	struct head head;

	if (text->len < sizeof(head))
		return false;
	memcpy(&head, text->data, sizeof(head));
	const char *program = text->data + sizeof(head) + key->len;
	if (head.key_len != key->len || head.program_len % sizeof(struct sock_filter) ||
	    !head.program_len || head.program_len > BPF_MAXINSNS * sizeof(struct sock_filter) ||
	    text->len != sizeof(head) + key->len + head.program_len ||
	    memcmp(text->data + sizeof(head), key->data, key->len) != 0 ||
	    map_hash(0, program, head.program_len) != head.sum)
		return false;
	process->seccomp_len = head.program_len / sizeof(struct sock_filter);
	process->seccomp = xcalloc(head.program_len, 1);
	memcpy(process->seccomp, program, head.program_len);
	return true;
}

/* Older versions could leave files whose names begin with a dot. */
static void make_room(int dir)
{
	DIR *stream = io_open_dir(dir, ".");
	struct dirent *entry;
	int n = 0;

	while (stream && (entry = readdir(stream)))
		if (*entry->d_name != '.')
			n++;
		else if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, ".."))
			unlinkat(dir, entry->d_name, 0);
	if (stream && n >= KEPT_MAX) {
		rewinddir(stream);
		while ((entry = readdir(stream)))
			unlinkat(dir, entry->d_name, 0);
	}
	if (stream)
		closedir(stream);
}

static int give_name(int file, int dir, const char *name)
{
	AUTO_FREE char *path = xasprintf("/proc/self/fd/%d", file);

	return linkat(AT_FDCWD, path, dir, name, AT_SYMLINK_FOLLOW) < 0 ? -errno : 0;
}

/*
 * Nothing depends on it: what fails is made again the next time. It has no name before it is whole,
 * so whoever is killed leaves nothing; a file system that knows no such files keeps none.
 */
static void keep(int dir, const char *name, const struct buf *key,
		 const struct spec_process *process)
{
	size_t len = process->seccomp_len * sizeof(struct sock_filter);
	struct head head = {key->len, len, map_hash(0, process->seccomp, len)};

	make_room(dir);
	AUTO_FD int fd = openat(dir, ".", O_WRONLY | O_TMPFILE | O_CLOEXEC, 0600);
	if (fd < 0 || io_write_all(fd, &head, sizeof(head)) < 0 ||
	    io_write_all(fd, key->data, key->len) < 0 ||
	    io_write_all(fd, process->seccomp, len) < 0)
		return;
	/* What has the name is damaged, or of other rules, or the same by another who was faster.
	 */
	if (give_name(fd, dir, name) == -EEXIST && unlinkat(dir, name, 0) == 0)
		give_name(fd, dir, name);
}

int filter_compile(const struct filter *filter, const char *kept, struct spec_process *process,
		   struct err *err)
{
	AUTO(buf) struct buf key = {0}, text = {0};
	AUTO_FREE char *above = kept ? xasprintf("%s/.filters", kept) : NULL;

	if (!kept)
		return compile(filter, process, err);
	add_key(filter, &key);
	AUTO_FREE char *name =
		xasprintf("%016llx", (unsigned long long)map_hash(0, key.data, key.len));
	AUTO_FD int dir = open_kept(kept);
	if (dir < 0 && mkdir(above, 0700) == 0)
		dir = open_kept(kept);
	if (dir >= 0 && io_read_file(dir, name, 1 << 22, &text, NULL) == 0 &&
	    take_kept(&text, &key, process))
		return 0;
	if (compile(filter, process, err) < 0)
		return -err->code;
	if (dir >= 0)
		keep(dir, name, &key, process);
	return 0;
}
