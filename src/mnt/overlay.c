// SPDX-License-Identifier: Apache-2.0
/*
 * Overlay's options. Two escapings lie over each other: the kernel writes comma, blank, backslash
 * and some more as \ooo, and in a list of lower directories the user wrote \: for a colon that is
 * part of a name. Up to Linux 6.7 such a colon can be \072 too.
 */
#include "mnt/overlay.h"
#include "base/mem.h"
#include "base/str.h"

#include <string.h>

/* The options that name directories; "lowerdir+" is one of them alone, 6.8. */
static const struct {
	const char *name, *option;
	bool is_list;
} rows[] = {
	{"lowerdir", "lowerdir", true}, {"lowerdir+", "lowerdir", false},
	{"datadir+", "datadir", false}, {"upperdir", "upperdir", false},
	{"workdir", "workdir", false},
};

/* One character, however it is written; `plain`: it was written as itself. */
static char next_char(const char **s, const char *end, bool *plain)
{
	const char *c = *s;
	size_t left = (size_t)(end - c);

	*plain = !(left > 3 && c[0] == '\\' && c[1] >= '0' && c[1] <= '3' && c[2] >= '0' &&
		   c[2] <= '7' && c[3] >= '0' && c[3] <= '7');
	*s += *plain ? 1 : 4;
	return *plain ? *c : (char)((c[1] - '0') << 6 | (c[2] - '0') << 3 | (c[3] - '0'));
}

static void add(struct mnt_layers *layers, const char *option, struct buf *path)
{
	if (path->len)
		VEC_PUSH(layers->v, layers->n, (struct mnt_layer){option, buf_take(path)});
}

static void read_list(struct mnt_layers *layers, const char *option, const char *s, const char *end)
{
	AUTO(buf) struct buf path = {0};
	bool plain;

	while (s < end) {
		char c = next_char(&s, end, &plain);
		if (c == ':' && plain) {
			add(layers, option, &path);
			continue;
		}
		if (c == '\\' && s < end)
			c = next_char(&s, end, &plain);
		buf_addc(&path, c);
	}
	add(layers, option, &path);
}

static void read_path(struct mnt_layers *layers, const char *option, const char *s, const char *end)
{
	AUTO(buf) struct buf path = {0};
	bool plain;

	while (s < end)
		buf_addc(&path, next_char(&s, end, &plain));
	add(layers, option, &path);
}

static void read_option(struct mnt_layers *layers, const char *s, size_t len)
{
	const char *equals = memchr(s, '=', len);

	for (size_t i = 0; equals && i < ARRAY_SIZE(rows); i++) {
		if (strlen(rows[i].name) != (size_t)(equals - s) ||
		    memcmp(s, rows[i].name, (size_t)(equals - s)))
			continue;
		(rows[i].is_list ? read_list : read_path)(layers, rows[i].option, equals + 1,
							  s + len);
	}
}

void mnt_layers_parse(const struct mnt *mnt, struct mnt_layers *ret)
{
	*ret = (struct mnt_layers){0};
	for (const char *s = mnt->options; *s;) {
		size_t len = strcspn(s, ",");
		read_option(ret, s, len);
		s += len + (s[len] == ',');
	}
}

void mnt_layers_done(struct mnt_layers *layers)
{
	for (size_t i = 0; i < layers->n; i++)
		free(layers->v[i].path);
	free(layers->v);
	*layers = (struct mnt_layers){0};
}

/* The path without its last n components; "" is the root. */
static char *above(const char *path, int n)
{
	char *copy = xstrdup(path);

	while (n-- > 0) {
		char *slash = strrchr(copy, '/');
		if (slash)
			*slash = 0;
	}
	return copy;
}

char *mnt_layer_path(const struct mnt_layers *layers, size_t i, const char *target)
{
	const char *path = layers->v[i].path;
	AUTO_FREE char *base = NULL;

	if (*path == '/')
		return xstrdup(path);
	for (size_t k = 0; k < layers->n && !base; k++)
		if (!strcmp(layers->v[k].option, "upperdir") && *layers->v[k].path == '/' &&
		    strstr(layers->v[k].path, "/snapshots/"))
			base = above(layers->v[k].path, 2);
	if (!base)
		base = above(target, 1);
	return xasprintf("%s/%s", base, path);
}
