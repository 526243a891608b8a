// SPDX-License-Identifier: Apache-2.0
/* explain: what a path is, why operations are or would be refused, what a message comes from. */
#include "base/io.h"
#include "base/json.h"
#include "cli/cmds.h"
#include "cli/pick.h"
#include "cli/text.h"
#include "model/why.h"
#include "plan/explain.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#define TRIES 8

struct explain_args {
	struct see_args see; /* first */
	const char *in;
	bool reasons, messages;
};

static int set_in(void *ctx, const struct option *option, const char *value, struct err *err)
{
	((struct explain_args *)ctx)->in = value;
	return 0;
}

static const struct option explain_options[] = {
	{"in", 0, NULL, "NS", 0, NULL, "Question",
	 "paths are meant, and operations tried, in this mount namespace; the caller's without it",
	 set_in, 0},
	{"for", 0, NULL, "PID|UNIT", 0, NULL, NULL, "the same: who got the message", set_in, 0},
	SEE_OPTIONS,
	{"json", 'J', NULL, NULL, 0, NULL, "Output", "print JSON", option_set_flag,
	 offsetof(struct explain_args, see.format.json)},
	{"reasons", 0, NULL, NULL, 0, NULL, NULL,
	 "list all reasons for which the kernel refuses something", option_set_flag,
	 offsetof(struct explain_args, reasons)},
	{"messages", 0, NULL, NULL, 0, NULL, NULL, "list the messages that are known",
	 option_set_flag, offsetof(struct explain_args, messages)},
	{0},
};

/* "nginx.service", or without what it ends in. */
static bool is_unit(const struct mnt_proc *proc, const char *name)
{
	size_t len = strlen(name);

	return proc->unit && str_starts(proc->unit, name) &&
	       (!proc->unit[len] || !strcmp(proc->unit + len, ".service"));
}

static int find_ns(const struct mnt_world *world, const char *name, uint32_t *ret, struct err *err)
{
	*ret = world->self != MAP_NONE ? world->self : 0;
	if (!name)
		return *ret < world->n_ns ? 0 : err_say(err, ENOENT, "there is no namespace in it");
	for (uint32_t i = 0; i < world->n_procs; i++)
		if (is_unit(&world->procs[i], name) && world->procs[i].ns != MAP_NONE) {
			*ret = world->procs[i].ns;
			return 0;
		}
	return see_find(world, name, ret, err);
}

static int explain_a_path(const struct explain_ask *ask, const char *word, struct explain *ret,
			  struct err *err)
{
	AUTO_FREE char *path = NULL;
	bool is_own = ask->is_live && ask->ns == ask->world->self;
	int rc = pick_path(is_own, word, &path, err);

	return rc < 0 ? rc : explain_path(ask, path, ret, err);
}

/* Each argument is an operation; or the first one is its bare name, and all are its words. */
static int explain_some_ops(const struct explain_ask *ask, char *const *words, size_t n,
			    struct explain *ret, struct err *err)
{
	bool is_one = !strpbrk(words[0], " \t");
	AUTO(ops) struct ops ops = {0};
	AUTO(buf) struct buf text = {0};

	for (size_t i = 0; i < n; i++)
		buf_addf(&text, "%s%c", words[i], is_one ? ' ' : '\n');
	if (ops_parse(&ops, "arguments", text.data, err) < 0 || ops_check(&ops, err) < 0)
		return err_hint(err, "'mntns explain --messages' lists the messages, mntns-ops(5) "
				     "the operations");
	return explain_ops(ask, &ops, ret, err);
}

static int find_answer(const struct explain_ask *ask, char *const *words, size_t n,
		       struct explain *ret, struct err *err)
{
	if (n == 1 && *words[0] == '/' && !strchr(words[0], ' '))
		return explain_a_path(ask, words[0], ret, err);
	if (!explain_is_message(words[0]))
		return explain_some_ops(ask, words, n, ret, err);
	if (n > 2)
		return err_say(err, EINVAL, "'%s': expected a message and one path", words[2]);
	AUTO_FREE char *path = NULL;
	if (n == 2 && pick_path(false, words[1], &path, err) < 0)
		return -err->code;
	return explain_message(ask, words[0], path, ret, err);
}

static void print_list(const char *title, const char *mark, const struct strv *list,
		       struct buf *out)
{
	if (list->n && *title)
		buf_addf(out, "%s\n", title);
	for (size_t i = 0; i < list->n; i++) {
		buf_adds(out, mark);
		buf_add_printable(out, list->v[i]);
		buf_addc(out, '\n');
	}
}

static void print_text(const struct explain *answer, struct buf *out)
{
	buf_add_printable(out, answer->text.data ? answer->text.data : "");
	buf_addc(out, '\n');
	print_list("", "  ", &answer->facts, out);
	print_list("What would help:", "  ", &answer->fixes, out);
}

static json_t *places(const struct explain_ask *ask, const struct explain_places *list)
{
	json_t *array = json_array();

	for (size_t i = 0; i < list->n; i++)
		json_array_append_new(array,
				      json_pack("{s:I,s:o,s:I}", "ns",
						(json_int_t)ask->world->ns[list->v[i].ns].inode,
						"path", json_bytes(list->v[i].path), "group",
						(json_int_t)list->v[i].group));
	return array;
}

static void print_json(const struct explain_ask *ask, const struct explain *answer, FILE *out)
{
	json_t *root = json_pack(
		"{s:I,s:s?,s:i,s:s?,s:o,s:o,s:o,s:o,s:o}", "ns",
		(json_int_t)ask->world->ns[ask->ns].inode, "reason", answer->reason, "errno",
		answer->code, "error", answer->code ? strerror(answer->code) : NULL, "text",
		json_bytes(answer->text.data ? answer->text.data : ""), "facts",
		json_strv(&answer->facts), "fixes", json_strv(&answer->fixes), "arrives",
		places(ask, &answer->arrives), "receives", places(ask, &answer->receives));

	json_dumpf(root, out, JSON_INDENT(3));
	fputc('\n', out);
	json_decref(root);
}

/* -EAGAIN: tables that changed while they were read; they are to be read again. */
static int answer(const struct explain_args *args, struct mnt_world *world, char *const *words,
		  size_t n, struct err *err)
{
	AUTO(mnt_groups) struct mnt_groups groups;
	struct explain_ask ask = {.world = world, .groups = &groups, .is_live = !args->see.from};
	struct explain found;

	mnt_groups_init(&groups, world);
	if (find_ns(world, args->in, &ask.ns, err) < 0 ||
	    find_answer(&ask, words, n, &found, err) < 0)
		return err->code == EAGAIN   ? -EAGAIN
		       : err->code == EINVAL ? EXIT_USAGE
					     : EXIT_FAILED;
	AUTO(buf) struct buf out = {0};
	if (args->see.format.json)
		print_json(&ask, &found, stdout);
	else
		print_text(&found, &out);
	explain_done(&found);
	return (args->see.format.json ? io_flush_stdout(err) : text_print(&out, err)) < 0
		       ? EXIT_FAILED
		       : EXIT_OK;
}

static int print_reasons(bool json, struct err *err)
{
	AUTO(buf) struct buf out = {0};
	json_t *list = json_array();

	for (int why = MODEL_WHY_NONE + 1; why < MODEL_WHY_MAX; why++) {
		const struct model_reason *r = model_reason((enum model_why)why);
		buf_addf(&out, "%s: %s\n  %s.\n  What would help: %s.\n", r->name,
			 strerror(r->code), r->what, r->fix);
		json_array_append_new(list,
				      json_pack("{s:s,s:i,s:s,s:s}", "reason", r->name, "errno",
						r->code, "text", r->what, "fix", r->fix));
	}
	if (json) {
		json_dumpf(list, stdout, JSON_INDENT(3));
		putchar('\n');
	}
	json_decref(list);
	return (json ? io_flush_stdout(err) : text_print(&out, err)) < 0 ? EXIT_FAILED : EXIT_OK;
}

static int print_messages(struct err *err)
{
	AUTO(buf) struct buf out = {0};

	explain_print_messages(&out);
	return text_print(&out, err) < 0 ? EXIT_FAILED : EXIT_OK;
}

static int look_and_answer(const struct explain_args *args, char *const *words, size_t n,
			   struct err *err)
{
	int status = -EAGAIN;

	for (int tries = 0; status == -EAGAIN && tries < TRIES; tries++) {
		struct mnt_world world;
		err_done(err);
		if (see_world(&args->see, SCAN_TABLES | SCAN_USES | SCAN_BLOCKS, &world, err) < 0)
			return EXIT_FAILED;
		status = answer(args, &world, words, n, err);
		mnt_world_done(&world);
	}
	return status < 0 ? EXIT_FAILED : status;
}

static int cmd_explain(const struct command *self, char **argv, struct err *err)
{
	struct explain_args args = {0};
	int n = options_gather(self->options, &args, argv, err);

	if (n < 0)
		return EXIT_USAGE;
	if (args.reasons)
		return print_reasons(args.see.format.json, err);
	if (args.messages)
		return print_messages(err);
	if (!n)
		return err_say(err, EINVAL, "expected a path, operations, or a message"),
		       EXIT_USAGE;
	return look_and_answer(&args, argv, (size_t)n, err);
}

const struct command command_explain = {
	.name = "explain",
	.usage = "mntns explain [OPTIONS] PATH | OP… | MESSAGE [PATH]",
	.summary = "say what a path is, why operations would be refused, what a message comes from",
	.manual = "mntns-explain(1)",
	.words = "file",
	.options = explain_options,
	.run = cmd_explain,
	.mixed = true,
};
