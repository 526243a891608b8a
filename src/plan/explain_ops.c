// SPDX-License-Identifier: Apache-2.0
/* Ops carried out on a model of the machine: the rule that refuses them, or where they arrive. */
#include "base/mem.h"
#include "exec/model.h"
#include "model/why.h"
#include "plan/explain_trial.h"
#include "sys/calls.h"

#include <errno.h>
#include <string.h>
#include <linux/capability.h>

static const struct mnt *find_unique(const struct mnt_world *world, uint64_t unique,
				     uint32_t *ret_ns)
{
	for (uint32_t k = 0; unique && k < world->n_ns; k++)
		for (uint32_t i = 0; i < world->ns[k].table.n; i++)
			if (world->ns[k].table.v[i].unique == unique) {
				*ret_ns = k;
				return &world->ns[k].table.v[i];
			}
	return NULL;
}

/* The mount that the rule is about, also if the ops themselves made it. */
static const struct mnt *say_place(const struct trial *t, struct explain *answer)
{
	uint64_t ns_id;
	uint32_t ns = t->ask->ns;
	AUTO_FREE char *path = model_why_path(t->m, &ns_id);
	const struct mnt *mnt = find_unique(t->ask->world, model_why_mount(t->m), &ns);
	AUTO(buf) struct buf line = {0};

	if (mnt) {
		struct explain_place place = {.ns = ns, .path = (char *)mnt->target};
		explain_add_mount(&line, mnt);
		buf_adds(&line, ", ");
		explain_add_type(&line, mnt);
		buf_adds(&line, ", on ");
		explain_add_place(&line, t->ask, &place);
		strv_addf(&answer->facts, "it is about %s", line.data);
	} else if (path) {
		strv_addf(&answer->facts, "it is about the mount on %s, which these operations %s",
			  path, ns_id ? "made" : "made and did not attach");
	}
	if (*model_why_name(t->m))
		strv_addf(&answer->facts, "the look-up ended at '%s'", model_why_name(t->m));
	return mnt;
}

static bool is_about_users(enum model_why why)
{
	return why == MODEL_WHY_UMOUNT_IN_USE || why == MODEL_WHY_UMOUNT_COPY_IN_USE ||
	       why == MODEL_WHY_EXPIRE_IN_USE || why == MODEL_WHY_MOUNT_WRITTEN ||
	       why == MODEL_WHY_FS_WRITTEN;
}

static void say_refused(const struct trial *t, const struct op *op, int code, const char *otherwise,
			struct explain *answer)
{
	enum model_why why = model_why(t->m);
	const struct model_reason *reason = model_reason(why);
	AUTO(buf) struct buf words = {0};

	op_print(op, &words);
	words.data[--words.len] = 0; /* the newline */
	answer->code = code;
	if (!reason || reason->code != code)
		return buf_addf(&answer->text, "%s", otherwise);
	answer->reason = reason->name;
	buf_addf(&answer->text, "%s would be refused with \"%s\": %s.", words.data, strerror(code),
		 reason->what);
	strv_add(&answer->fixes, reason->fix);
	AUTO_FREE char *place = model_why_path(t->m, &(uint64_t){0});
	explain_add_fix(t->ask, why, op, place, answer);
	const struct mnt *mnt = say_place(t, answer);
	if (mnt && is_about_users(why))
		explain_users(t->ask, mnt->id, why != MODEL_WHY_FS_WRITTEN, answer);
}

/* Where there are more or fewer mounts than before. */
static void say_done(const struct trial *t, const struct ops *ops, struct explain *answer)
{
	const struct mnt_world *world = t->ask->world;
	uint32_t elsewhere = 0;

	for (uint32_t i = 0; i < world->n_ns; i++) {
		uint32_t now = t->tasks[i] ? model_count(t->tasks[i]) : 0;
		AUTO_FREE char *label = mnt_ns_label(world, i);
		if (now == t->before[i])
			continue;
		elsewhere += i != t->ask->ns;
		uint32_t n = now > t->before[i] ? now - t->before[i] : t->before[i] - now;
		strv_addf(&answer->facts, "%u mount%s %s in %s%s", n, n == 1 ? "" : "s",
			  now > t->before[i] ? "more" : "fewer", label,
			  i == t->ask->ns ? ", the namespace asked about" : "");
	}
	buf_addf(&answer->text, "%s would succeed",
		 ops->n == 1 ? "The operation" : "All operations");
	if (elsewhere)
		buf_addf(&answer->text, ", and change %u other namespace%s by propagation.",
			 elsewhere, elsewhere == 1 ? "" : "s");
	else
		buf_adds(&answer->text, ", and no other namespace would see anything of it.");
}

/* The model's task is root. */
static void say_rights(const struct explain_ask *ask, struct explain *answer)
{
	if (ask->is_live && !sys_has_cap(CAP_SYS_ADMIN))
		strv_add(&answer->facts,
			 "all of this is for root of the user namespace that owns the mount "
			 "namespace: the caller has no CAP_SYS_ADMIN, and would get EPERM");
}

static void say_places(const struct trial *t, struct explain *answer)
{
	trial_find_new(t, &answer->arrives);
	for (size_t i = 0; i < answer->arrives.n && i < EXPLAIN_SHOWN; i++) {
		AUTO(buf) struct buf line = {0};
		explain_add_place(&line, t->ask, &answer->arrives.v[i]);
		strv_addf(&answer->facts, "a new mount is on %s", line.data);
	}
	if (answer->arrives.n > EXPLAIN_SHOWN)
		strv_addf(&answer->facts, "and %zu more", answer->arrives.n - EXPLAIN_SHOWN);
}

static void try_ops(const struct trial *t, const struct ops *ops, struct explain *answer)
{
	struct model_task *task = model_fork(t->m, t->tasks[t->ask->ns]);
	AUTO(err) struct err why = {0};
	struct exec_model ex;
	size_t at = 0;

	exec_model_init(&ex, t->m, task);
	int rc = exec_model(&ex, ops, 0, ops->n, &at, &why);
	if (rc < 0)
		say_refused(t, &ops->v[at], -rc, why.msg, answer);
	exec_model_done(&ex);
	model_exit(t->m, task);
	if (rc == 0) {
		say_done(t, ops, answer);
		say_places(t, answer);
	}
	say_rights(t->ask, answer);
}

int explain_ops(const struct explain_ask *ask, const struct ops *ops, struct explain *ret,
		struct err *err)
{
	struct explain answer = {0};
	AUTO(strv) struct strv links = {0};
	struct trial trial;
	int rc = trial_init(&trial, ask, err);

	if (rc == 0) {
		trial_know(&trial, ops, &links);
		try_ops(&trial, ops, &answer);
		for (size_t i = 0; i < links.n; i++)
			strv_addf(&answer.facts,
				  "%s is a symbolic link, which is not followed here: give the "
				  "path that it leads to",
				  links.v[i]);
		*ret = answer;
	}
	trial_done(&trial);
	return rc;
}
