// SPDX-License-Identifier: Apache-2.0
/* Kernel and model in step, or one of them alone. */
#include "base/io.h"
#include "base/mem.h"
#include "scenario/call.h"

#include <fcntl.h>
#include <string.h>

/* The machine may have another limit than the kernel comes with. */
static void take_mount_max(struct model_world *model)
{
	AUTO(buf) struct buf text = {0};
	uint64_t max;

	if (io_read_file(AT_FDCWD, "/proc/sys/fs/mount-max", 64, &text, NULL) < 0 || !text.len)
		return;
	text.data[strcspn(text.data, "\n")] = 0;
	if (str_to_u64(text.data, UINT32_MAX, &max, NULL) == 0)
		model_world_limit(model, (uint32_t)max);
}

int pair_start(struct pair *pair, enum scenario_on on, struct err *err)
{
	struct pair p = {.on = on, .ns_id = 1};
	struct outcome kernel = {0}, model;

	if (on != SCENARIO_ON_MODEL) {
		AUTO(err) struct err why = {0};
		p.kernel = kernel_world_new(&kernel, &p.ns_id, &why);
		if (!p.kernel)
			return err_say(err, why.code, "%s", why.msg);
	}
	p.model = model_world_new(p.ns_id);
	if (p.kernel)
		take_mount_max(p.model);
	model_world_look(p.model, &model);
	p.now = on == SCENARIO_ON_KERNEL ? kernel : model;
	outcome_done(on == SCENARIO_ON_KERNEL ? &model : &kernel);
	*pair = p;
	return 0;
}

void pair_done(struct pair *pair)
{
	kernel_world_free(pair->kernel);
	model_world_free(pair->model);
	outcome_done(&pair->now);
}

static void update_files(struct pair *pair, const struct call *call)
{
	if (call->file != CALL_NOTHING)
		pair->files[call->task][call->file] = true;
	if (call->kind == CALL_CLOSE)
		pair->files[call->task][call->a.file] = false;
	if (call->kind == CALL_FORK)
		memset(pair->files[call->other], 0, sizeof(pair->files[0]));
}

static bool is_same(const struct pair *pair, const struct outcome *kernel,
		    const struct outcome *model, struct buf *out)
{
	if (pair->on != SCENARIO_ON_BOTH)
		return true;
	if (!outcome_is_same(kernel, model, out))
		return false;
	bool same = outcome_orders_groups(pair->model, kernel, model);
	if (!same && out)
		buf_adds(out,
			 "result: the groups that it made got their numbers in another order\n");
	return same;
}

int pair_call(struct pair *pair, const struct call *call, int *ret_rc, struct buf *out,
	      struct err *err)
{
	struct outcome kernel = {0}, model = {0};
	uint64_t ns_id = ++pair->ns_id;
	int rc = 0;

	if (pair->kernel)
		rc = kernel_world_call(pair->kernel, call, &kernel, &ns_id, err);
	if (rc < 0)
		return rc;
	AUTO_FREE char *broken = model_world_call(pair->model, call, ns_id, &model);
	bool same = is_same(pair, &kernel, &model, out);
	if (broken && out)
		buf_addf(out, "the model broke: %s\n", broken);
	struct outcome *shown = pair->on == SCENARIO_ON_KERNEL ? &kernel : &model;
	*ret_rc = pair->kernel ? kernel.rc : model.rc;
	outcome_done(&pair->now);
	pair->now = *shown;
	*shown = (struct outcome){0};
	outcome_done(&kernel);
	outcome_done(&model);
	if (pair->now.rc >= 0)
		update_files(pair, call);
	return same && !broken;
}

const char *pair_forbids(const struct pair *pair, const struct call *call)
{
	const bool *files = pair->files[call->task];

	if (!pair->now.there[call->task])
		return "there is no such process";
	if (call->kind == CALL_FORK && pair->now.there[call->other])
		return "the process that it would make is there already";
	if (call->file != CALL_NOTHING && files[call->file])
		return "the file that it would make is open already";
	if (call->kind == CALL_CLOSE && !files[call->a.file])
		return "the file is not open";
	for (int i = 0; i < CALL_FILES; i++)
		if (call->uses & 1 << i && !files[i])
			return "a file that it uses is not open";
	if (call->a.ns_of != CALL_NOTHING && !pair->now.there[call->a.ns_of])
		return "the process of the namespace is not there";
	if (call->userns_of != CALL_NOTHING && !pair->now.there[call->userns_of])
		return "the process of the user namespace is not there";
	if (!model_world_allows(pair->model, call))
		return "it would leave the clean root, or change the machine's own nsfs";
	return NULL;
}
