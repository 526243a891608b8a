// SPDX-License-Identifier: Apache-2.0
/* Superblocks and their trees of names. */
#include "base/mem.h"
#include "model/parts.h"

#include <string.h>

size_t spread(uint64_t a, uint64_t b, size_t size)
{
	uint64_t h = (a >> 3) * 0x9e3779b97f4a7c15ULL ^ (b >> 3) * 0xc2b2ae3d27d4eb4fULL;

	return (size_t)(h >> 24) & (size - 1);
}

static size_t name_slot(const struct model *m, const struct dentry *dir, const char *name,
			size_t len)
{
	return spread((uintptr_t)dir, map_hash(0, name, len), m->names_size);
}

static void names_grow(struct model *m)
{
	struct dentry **old = m->names;
	size_t size = m->names_size;

	m->names_size = size ? 2 * size : 64;
	m->names = xcalloc(m->names_size, sizeof(*m->names));
	for (size_t i = 0; i < size; i++)
		for (struct dentry *d = old[i], *next; d; d = next) {
			next = d->hash_next;
			struct dentry **slot =
				&m->names[name_slot(m, d->parent, d->name, strlen(d->name))];
			d->hash_next = *slot;
			*slot = d;
		}
	free(old);
}

static void name_add(struct model *m, struct dentry *d)
{
	if (m->n_names++ >= m->names_size)
		names_grow(m);
	struct dentry **slot = &m->names[name_slot(m, d->parent, d->name, strlen(d->name))];
	d->hash_next = *slot;
	*slot = d;
	d->parent->n_kids++;
}

static void name_remove(struct model *m, struct dentry *d)
{
	struct dentry **slot = &m->names[name_slot(m, d->parent, d->name, strlen(d->name))];

	while (*slot != d)
		slot = &(*slot)->hash_next;
	*slot = d->hash_next;
	m->n_names--;
	d->parent->n_kids--;
}

static struct dentry *dentry_new(struct sb *sb, struct dentry *parent, const char *name, size_t len,
				 enum dentry_kind kind)
{
	struct dentry *d = xcalloc(1, sizeof(*d));

	*d = (struct dentry){.sb = sb, .parent = parent, .sb_next = sb->dentries, .kind = kind};
	d->name = xstrndup(name, len);
	if (!parent)
		d->parent = d;
	return sb->dentries = d;
}

struct sb *sb_new(struct model *m, const char *fstype, const char *source,
		  struct model_userns *owner, enum dentry_kind kind)
{
	struct sb *sb = xcalloc(1, sizeof(*sb));

	*sb = (struct sb){.next = m->sbs, .owner = owner, .minor = ++m->next_minor};
	sb->fstype = xstrdup(fstype);
	sb->source = xstrdup(source);
	sb->options = xstrdup("");
	sb->root = dentry_new(sb, NULL, "", 0, kind);
	if (m->sbs)
		m->sbs->prev = sb;
	return m->sbs = sb;
}

void sb_free(struct model *m, struct sb *sb)
{
	for (struct dentry *d = sb->dentries, *next; d; d = next) {
		next = d->sb_next;
		if (d->parent != d && !d->dead)
			name_remove(m, d);
	}
	for (struct dentry *d = sb->dentries, *next; d; d = next) {
		next = d->sb_next;
		free(d->name);
		free(d);
	}
	*(sb->prev ? &sb->prev->next : &m->sbs) = sb->next;
	if (sb->next)
		sb->next->prev = sb->prev;
	free(sb->fstype);
	free(sb->source);
	free(sb->options);
	free(sb);
}

/* What was removed but is still in use would have to be written when it goes. */
int sb_make_read_only(struct model *m, struct sb *sb)
{
	if (sb->writers)
		return refuse(m, MODEL_WHY_FS_WRITTEN);
	for (const struct dentry *d = sb->dentries; d && !sb->ro; d = d->sb_next)
		if (d->dead && d->refs)
			return refuse(m, MODEL_WHY_FS_REMOVED_IN_USE);
	sb->ro = true;
	return 0;
}

struct dentry *dentry_child(const struct model *m, const struct dentry *dir, const char *name,
			    size_t len)
{
	struct dentry *d = m->names_size ? m->names[name_slot(m, dir, name, len)] : NULL;

	while (d && (d->parent != dir || strncmp(d->name, name, len) || d->name[len]))
		d = d->hash_next;
	return d;
}

struct dentry *dentry_add(struct model *m, struct dentry *dir, const char *name, size_t len,
			  enum dentry_kind kind)
{
	struct dentry *d = dentry_new(dir->sb, dir, name, len, kind);

	name_add(m, d);
	return d;
}

void dentry_unlink(struct model *m, struct dentry *d)
{
	name_remove(m, d);
	d->dead = true;
}

void dentry_move(struct model *m, struct dentry *d, struct dentry *dir, const char *name)
{
	name_remove(m, d);
	d->parent = dir;
	free(d->name);
	d->name = xstrdup(name);
	name_add(m, d);
}

bool dentry_is_under(const struct dentry *d, const struct dentry *top)
{
	while (d != top && d->parent != d)
		d = d->parent;
	return d == top;
}

bool dentries_fit(const struct dentry *a, const struct dentry *b)
{
	return a->kind == DENTRY_UNKNOWN || b->kind == DENTRY_UNKNOWN ||
	       dentry_is_dir(a) == dentry_is_dir(b);
}
