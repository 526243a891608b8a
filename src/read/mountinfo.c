// SPDX-License-Identifier: Apache-2.0
/*
 * The text of mountinfo, proc_pid_mountinfo(5): "id parent major:minor root target options tags… -
 * fstype source options". Each field ends at one blank, so that an empty source is one. Blanks in
 * a field are \ooo. Words that are unknown to us are kept.
 */
#include "base/mem.h"
#include "base/str.h"
#include "read/parts.h"
#include "read/table.h"

#include <errno.h>
#include <string.h>
#include <sys/mount.h>

struct line {
	const char *at, *end;
	struct mnt_table *table;
	struct buf *extra; /* the unknown words of this line */
};

struct field {
	const char *s;
	size_t len;
};

static struct field take(struct line *line)
{
	const char *blank = memchr(line->at, ' ', (size_t)(line->end - line->at));
	const char *end = blank ? blank : line->end;
	struct field field = {line->at, (size_t)(end - line->at)};

	line->at = blank ? blank + 1 : line->end;
	return field;
}

static bool field_is(struct field field, const char *word)
{
	return strlen(word) == field.len && !memcmp(field.s, word, field.len);
}

/* A NUL is no escape: no path has one, and it would end the text in the middle. */
static bool is_octal(const char *s, const char *end)
{
	return end - s >= 4 && s[1] >= '0' && s[1] <= '3' && s[2] >= '0' && s[2] <= '7' &&
	       s[3] >= '0' && s[3] <= '7' && memcmp(s + 1, "000", 3);
}

/* The field with each \ooo as the byte it stands for; `before`: of the line before, or NULL. */
static const char *unescape(struct line *line, struct field field, const char *before)
{
	const char *s = field.s, *end = field.s + field.len;

	if (!memchr(s, '\\', field.len))
		return arena_again(&line->table->text, before, s, field.len);
	char *text = arena_take(&line->table->text, field.len + 1), *to = text;
	while (s < end) {
		if (*s == '\\' && is_octal(s, end)) {
			*to++ = (char)((s[1] - '0') << 6 | (s[2] - '0') << 3 | (s[3] - '0'));
			s += 4;
		} else {
			*to++ = *s++;
		}
	}
	*to = 0;
	return text;
}

static bool to_u32(struct field field, uint32_t *ret)
{
	uint64_t value = 0;

	if (!field.len || field.len > 10)
		return false;
	for (size_t i = 0; i < field.len; i++) {
		if (field.s[i] < '0' || field.s[i] > '9')
			return false;
		value = value * 10 + (uint64_t)(field.s[i] - '0');
	}
	if (value > UINT32_MAX)
		return false;
	*ret = (uint32_t)value;
	return true;
}

static bool to_device(struct field field, struct mnt *mnt)
{
	const char *colon = memchr(field.s, ':', field.len);
	size_t len = colon ? (size_t)(colon - field.s) : 0;

	return colon && to_u32((struct field){field.s, len}, &mnt->major) &&
	       to_u32((struct field){colon + 1, field.len - len - 1}, &mnt->minor);
}

static void keep(struct line *line, struct field word)
{
	if (!word.len)
		return;
	if (line->extra->len)
		buf_addc(line->extra, ',');
	buf_add(line->extra, word.s, word.len);
}

static void option_word(struct line *line, struct field word, struct mnt *mnt)
{
	static const struct {
		const char *word;
		uint32_t set, clear, flag;
	} words[] = {
		{"rw", 0, MOUNT_ATTR_RDONLY, 0},
		{"ro", MOUNT_ATTR_RDONLY, 0, 0},
		{"relatime", 0, MOUNT_ATTR__ATIME, 0},
		{"nosuid", MOUNT_ATTR_NOSUID, 0, 0},
		{"nodev", MOUNT_ATTR_NODEV, 0, 0},
		{"noexec", MOUNT_ATTR_NOEXEC, 0, 0},
		{"noatime", MOUNT_ATTR_NOATIME, MOUNT_ATTR__ATIME, 0},
		{"nodiratime", MOUNT_ATTR_NODIRATIME, 0, 0},
		{"nosymfollow", MOUNT_ATTR_NOSYMFOLLOW, 0, 0},
		{"idmapped", 0, 0, MNT_IDMAPPED},
	};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		if (!field_is(word, words[i].word))
			continue;
		mnt->attr = (mnt->attr & ~words[i].clear) | words[i].set;
		mnt->flags |= words[i].flag;
		return;
	}
	keep(line, word);
}

/* No word for the atime mode is the strict one. */
static void parse_options(struct line *line, struct field field, struct mnt *mnt)
{
	const char *s = field.s, *end = field.s + field.len;

	mnt->attr = MOUNT_ATTR_STRICTATIME;
	while (s < end) {
		const char *comma = memchr(s, ',', (size_t)(end - s));
		const char *stop = comma ? comma : end;
		option_word(line, (struct field){s, (size_t)(stop - s)}, mnt);
		s = comma ? comma + 1 : end;
	}
}

/* No group has the number 0, which means here that there is none. */
static void parse_tag(struct line *line, struct field tag, struct mnt *mnt)
{
	const struct {
		const char *prefix;
		uint32_t *value;
	} numbers[] = {{"shared:", &mnt->group},
		       {"master:", &mnt->master},
		       {"propagate_from:", &mnt->from}};

	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		size_t len = strlen(numbers[i].prefix);
		uint32_t value;
		if (tag.len <= len || memcmp(tag.s, numbers[i].prefix, len) ||
		    !to_u32((struct field){tag.s + len, tag.len - len}, &value) || !value)
			continue;
		*numbers[i].value = value;
		return;
	}
	if (field_is(tag, "unbindable"))
		mnt->flags |= MNT_UNBINDABLE;
	else
		keep(line, tag);
}

/* NULL, or what is wrong with the line. */
static const char *parse_line(struct line *line, struct mnt *mnt)
{
	static const struct mnt none;
	const struct mnt *before = line->table->n ? &line->table->v[line->table->n - 1] : &none;
	struct field field;

	if (!to_u32(take(line), &mnt->id) || !to_u32(take(line), &mnt->parent))
		return "expected two mount ids";
	if (!to_device(take(line), mnt))
		return "expected a device as major:minor";
	mnt->root = unescape(line, take(line), before->root);
	mnt->target = unescape(line, take(line), NULL);
	if (*mnt->target != '/')
		return "expected a mount point that begins with /";
	parse_options(line, take(line), mnt);
	while (field = take(line), !field_is(field, "-")) {
		if (line->at == line->end)
			return "expected a lone - before the file system";
		parse_tag(line, field, mnt);
	}
	field = take(line);
	if (!field.len)
		return "expected a file system type, source and options";
	mnt->fstype = unescape(line, field, before->fstype);
	mnt->source = unescape(line, take(line), before->source);
	if (line->at == line->end)
		return "expected a file system type, source and options";
	mnt->options = arena_again(&line->table->text, before->options, line->at,
				   (size_t)(line->end - line->at));
	mnt->extra = arena_strn(&line->table->text, line->extra->data ? line->extra->data : "",
				line->extra->len);
	mnt->flags |= mnt_root_is_deleted(mnt->root) ? MNT_DELETED : 0;
	return NULL;
}

struct reading {
	const char *name; /* of the file */
	struct mnt_table table;
	struct buf extra;
	size_t number;					    /* of the lines so far */
	bool (*enough)(void *ctx, struct mnt_table *table); /* NULL: to the end */
	void *ctx;
};

static int parse_lines(struct reading *r, const char *text, size_t len, struct err *err)
{
	const char *end = text + len;

	for (const char *at = text; at < end;) {
		const char *newline = memchr(at, '\n', (size_t)(end - at));
		struct line line = {at, newline ? newline : end, &r->table, &r->extra};
		struct mnt mnt = {0};
		r->extra.len = 0;
		r->number++;
		const char *wrong = parse_line(&line, &mnt);
		if (wrong)
			return err_say(err, EINVAL, "%s:%zu is no line of mountinfo: %s", r->name,
				       r->number, wrong);
		VEC_PUSH(r->table.v, r->table.n, mnt);
		at = newline ? newline + 1 : end;
	}
	return 0;
}

static int finish(struct reading *r, int rc, struct mnt_table *ret)
{
	buf_done(&r->extra);
	if (rc < 0) {
		mnt_table_done(&r->table);
		return rc;
	}
	if (r->table.n)
		r->table.v = xrealloc(r->table.v, r->table.n, sizeof(*r->table.v));
	*ret = r->table;
	return 0;
}

int read_mountinfo_text(const char *text, size_t len, const char *name, struct mnt_table *ret,
			struct err *err)
{
	struct reading r = {.name = name};

	if (memchr(text, 0, len))
		return err_say(err, EINVAL, "%s is no mountinfo: it holds a NUL byte", name);
	return finish(&r, parse_lines(&r, text, len, err), ret);
}

/*
 * A page a call is what the kernel gives, however large the buffer, and mostly whole lines. Each is
 * parsed at once, so that the text is never in memory as a whole.
 */
static int read_lines(int fd, struct reading *r, struct buf *text, struct err *err)
{
	char chunk[8192];
	ssize_t n;

	while ((n = read(fd, chunk, sizeof(chunk))) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(err, errno, "read %s", r->name);
		buf_add(text, chunk, (size_t)n);
		const char *newline = memrchr(text->data, '\n', text->len);
		size_t whole = newline ? (size_t)(newline + 1 - text->data) : 0;
		int rc = parse_lines(r, text->data, whole, err);
		if (rc < 0)
			return rc;
		text->len -= whole;
		memmove(text->data, text->data + whole, text->len);
		if (r->enough && r->enough(r->ctx, &r->table))
			return 0;
	}
	return text->len ? parse_lines(r, text->data, text->len, err) : 0;
}

int read_mountinfo_until(int fd, const char *name,
			 bool (*enough)(void *ctx, struct mnt_table *table), void *ctx,
			 struct mnt_table *ret, struct err *err)
{
	struct reading r = {.name = name, .enough = enough, .ctx = ctx};
	AUTO(buf) struct buf text = {0};

	return finish(&r, read_lines(fd, &r, &text, err), ret);
}

int read_mountinfo(int fd, const char *name, struct mnt_table *ret, struct err *err)
{
	return read_mountinfo_until(fd, name, NULL, NULL, ret, err);
}
