// SPDX-License-Identifier: Apache-2.0
/* The mounts that the spec names: opened, and attached in their order. */
#include "box/compile_parts.h"
#include "base/mem.h"
#include "box/push.h"
#include "op/lower.h"

#include <string.h>

static bool is_host_source(const struct spec_mount *m)
{
	/* An overlay names directories of the host in its options. */
	return !strcmp(m->type, "bind") || !strcmp(m->type, "rbind") || !strcmp(m->type, "overlay");
}

static bool says_propagation(const struct strv *words)
{
	for (size_t i = 0; i < words->n; i++)
		if (mnt_propagation_is_word(words->v[i]))
			return true;
	return false;
}

/* The user's words, with what the box adds: its own id map, its default propagation. */
static struct strv mount_words(const struct compile *c, const struct spec_mount *m)
{
	struct strv words = {0};

	for (size_t i = 0; i < m->words.n; i++) {
		if (!strcmp(m->words.v[i], "idmap") && c->host->idmap)
			strv_addf(&words, "idmap=%s", c->host->idmap);
		else
			strv_add(&words, m->words.v[i]);
	}
	if (is_host_source(m) && c->spec->propagation && !says_propagation(&words))
		strv_addf(&words, "%s%s", strcmp(m->type, "rbind") ? "" : "r",
			  mnt_propagation_word(c->spec->propagation));
	return words;
}

static struct lower_mount as_lower(const struct spec_mount *m, const struct strv *words,
				   unsigned flags)
{
	return (struct lower_mount){
		.type = m->type,
		.source = m->source,
		.to = {.path = m->target},
		.words = words,
		.flags = flags,
		.optional = m->optional,
		.said = m->said,
	};
}

int compile_open_mounts(struct compile *c, bool host_sources, struct err *err)
{
	for (size_t i = 0; i < c->spec->n_mounts; i++) {
		const struct spec_mount *m = &c->spec->mounts[i];
		if (is_host_source(m) != host_sources)
			continue;
		AUTO(strv) struct strv words = mount_words(c, m);
		struct lower_mount lower = as_lower(m, &words, 0);
		if (lower_mount_open(c->ops, &lower, &c->mounts[i], err) < 0)
			return err_add(err, "%s", m->said);
	}
	return 0;
}

/* What is mounted on the root is the root from then on: what it covers goes, with all on it. */
static void switch_to(struct compile *c, int handle)
{
	push_switch_root(c->ops, handle, 0);
	c->root = handle;
}

void compile_attach_mounts(struct compile *c, unsigned flags)
{
	for (size_t i = 0; i < c->spec->n_mounts; i++) {
		AUTO(strv) struct strv words = mount_words(c, &c->spec->mounts[i]);
		const struct spec_mount *m = &c->spec->mounts[i];
		struct lower_mount lower =
			as_lower(m, &words, flags | (m->no_symlinks ? OP_NOSYMLINKS : 0));
		if (m->copy_up)
			VEC_PUSH(c->view->copies, c->view->n_copies,
				 (struct box_copy_up){c->ops->n, c->mounts[i], m->target});
		lower_mount_attach(c->ops, &lower, c->mounts[i]);
		if (!strcmp(m->target, "/"))
			switch_to(c, c->mounts[i]);
	}
}

int compile_find_devpts(const struct compile *c)
{
	for (size_t i = 0; i < c->spec->n_mounts; i++)
		if (!strcmp(c->spec->mounts[i].type, "devpts"))
			return c->mounts[i];
	return 0;
}
