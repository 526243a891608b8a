// SPDX-License-Identifier: Apache-2.0
/* Block devices: what each one stands on. */
#include "read/block.h"
#include "base/io.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <linux/loop.h>

/* The first line of a small file of sysfs; NULL: there is no such file. */
static char *read_line(int dir, const char *name)
{
	AUTO(buf) struct buf text = {0};

	if (io_read_file(dir, name, 2 * PATH_MAX, &text, NULL) < 0)
		return NULL;
	if (text.len && text.data[text.len - 1] == '\n')
		text.data[--text.len] = 0;
	return buf_take(&text);
}

static void read_slaves(int dir, struct strv *slaves)
{
	DIR *list = io_open_dir(dir, "slaves");
	struct dirent *entry;

	while (list && (entry = readdir(list)))
		if (*entry->d_name != '.')
			strv_add(slaves, entry->d_name);
	if (list)
		closedir(list);
}

static void set_backing(struct mnt_block *block, dev_t dev)
{
	block->backing_major = major(dev);
	block->backing_minor = minor(dev);
}

/*
 * The path is one of whoever made the device, and may mean another file here, or none: the device
 * itself knows better. It says the number as the kernel encodes it in 32 bits.
 */
static void find_backing(struct mnt_block *block)
{
	AUTO_FREE char *node = xasprintf("/dev/%s", block->name);
	AUTO_FD int fd = open(node, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	struct loop_info64 info;
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISBLK(st.st_mode) &&
	    major(st.st_rdev) == block->major && minor(st.st_rdev) == block->minor &&
	    ioctl(fd, LOOP_GET_STATUS64, &info) == 0) {
		block->backing_major = (uint32_t)(info.lo_device >> 8) & 0xfff;
		block->backing_minor =
			(uint32_t)((info.lo_device & 0xff) | ((info.lo_device >> 12) & 0xfff00));
	} else if (stat(block->backing, &st) == 0) {
		set_backing(block, st.st_dev);
	}
}

/* `disk` is the device that a partition is part of; NULL: this is none. */
static void add(struct mnt_world *world, int dir, const char *name, const char *disk)
{
	struct mnt_block block = {.name = arena_str(&world->text, name)};
	AUTO_FREE char *number = read_line(dir, "dev");
	AUTO_FREE char *backing = read_line(dir, "loop/backing_file");

	if (!number || sscanf(number, "%u:%u", &block.major, &block.minor) != 2)
		return;
	/* sysfs writes / in a name as !. */
	for (char *c = strchr(block.name, '!'); c; c = strchr(c, '!'))
		*c = '/';
	if (disk)
		strv_add(&block.slaves, disk);
	else
		read_slaves(dir, &block.slaves);
	if (backing) {
		block.backing = arena_str(&world->text, backing);
		find_backing(&block);
	}
	VEC_PUSH(world->blocks, world->n_blocks, block);
}

static void add_disk(struct mnt_world *world, int at, const char *name)
{
	DIR *list = io_open_dir(at, name);
	struct dirent *entry;

	if (!list)
		return;
	add(world, dirfd(list), name, NULL);
	while ((entry = readdir(list))) {
		AUTO_FD int part = str_starts(entry->d_name, name)
					   ? openat(dirfd(list), entry->d_name, O_PATH | O_CLOEXEC)
					   : -1;
		if (part >= 0 && faccessat(part, "partition", F_OK, 0) == 0)
			add(world, part, entry->d_name, name);
	}
	closedir(list);
}

/* Blanks, tabs, newlines and backslashes are written as \ooo. */
static void unescape(char *s)
{
	char *to = s;
	unsigned value;

	for (; *s; s++, to++) {
		*to = *s;
		if (*s == '\\' && sscanf(s + 1, "%3o", &value) == 1) {
			*to = (char)value;
			s += 3;
		}
	}
	*to = 0;
}

static void mark_area(struct mnt_world *world, const char *path)
{
	struct stat st;
	bool known = stat(path, &st) == 0 && S_ISBLK(st.st_mode);

	for (uint32_t i = 0; i < world->n_blocks; i++) {
		struct mnt_block *block = &world->blocks[i];
		if (known ? block->major == major(st.st_rdev) && block->minor == minor(st.st_rdev)
			  : str_starts(path, "/dev/") && !strcmp(block->name, path + 5))
			block->swap = true;
	}
}

static void add_swap_file(struct mnt_world *world, const char *path)
{
	struct mnt_block block = {.swap = true};
	struct stat st;

	block.name = block.backing = arena_str(&world->text, path);
	if (stat(path, &st) == 0)
		set_backing(&block, st.st_dev);
	VEC_PUSH(world->blocks, world->n_blocks, block);
}

/* A heading, then PATH TYPE SIZE …; TYPE is "partition" for any block device. */
static void read_swaps(struct mnt_world *world)
{
	AUTO(buf) struct buf text = {0};
	AUTO(strv) struct strv lines = {0};

	if (io_read_file(AT_FDCWD, "/proc/swaps", 1 << 20, &text, NULL) < 0)
		return;
	strv_split(&lines, text.data, '\n');
	for (size_t i = 1; i < lines.n; i++) {
		char *type = lines.v[i] + strcspn(lines.v[i], " \t");
		if (!*type)
			continue;
		*type++ = 0;
		type += strspn(type, " \t");
		unescape(lines.v[i]);
		if (str_starts(type, "partition"))
			mark_area(world, lines.v[i]);
		else
			add_swap_file(world, lines.v[i]);
	}
}

static int by_name(const void *a, const void *b)
{
	return strcmp(((const struct mnt_block *)a)->name, ((const struct mnt_block *)b)->name);
}

void block_scan(struct mnt_world *world)
{
	DIR *list = io_open_dir(AT_FDCWD, "/sys/block");
	struct dirent *entry;

	while (list && (entry = readdir(list)))
		if (*entry->d_name != '.')
			add_disk(world, dirfd(list), entry->d_name);
	if (list)
		closedir(list);
	read_swaps(world);
	if (world->n_blocks)
		qsort(world->blocks, world->n_blocks, sizeof(*world->blocks), by_name);
}
