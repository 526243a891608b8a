// SPDX-License-Identifier: Apache-2.0
/* What mntns plan prints. */
#include "view/plan.h"
#include "base/mem.h"

#include <stdlib.h>
#include <string.h>

static void print(const char *before, const char *text, FILE *out)
{
	AUTO_FREE char *printable = str_printable(text);

	fprintf(out, "%s%s\n", before, printable);
}

static void print_verdict(const struct plan *plan, FILE *out)
{
	AUTO(buf) struct buf line = {0};

	if (!plan->refused) {
		buf_addf(&line, "Would succeed: %zu op%s in ", plan->ops->n,
			 plan->ops->n == 1 ? "" : "s");
		AUTO_FREE char *label = mnt_ns_label(plan->world, plan->in);
		buf_addf(&line, "mnt:[%llu] %s.",
			 (unsigned long long)plan->world->ns[plan->in].inode, label);
	} else {
		buf_addf(&line, "Would be refused at op %zu of %zu: %s", plan->refused_op + 1,
			 plan->ops->n, plan->refused);
	}
	print("", line.data, out);
}

static void add_counts(const struct plan_ns *ns, struct buf *out)
{
	static const char *const words[PLAN_KIND_MAX][2] = {
		{"appears", "appear"},
		{"disappears", "disappear"},
		{"moves", "move"},
		{"is covered", "are covered"},
		{"is uncovered", "are uncovered"},
		{"changes", "change"},
	};
	const char *comma = "";

	for (size_t k = 0; k < PLAN_KIND_MAX; k++) {
		if (!ns->count[k])
			continue;
		buf_addf(out, "%s%u %s", comma, ns->count[k], words[k][ns->count[k] != 1]);
		comma = ", ";
	}
}

/* What is said of the namespace; the same text means the same fate. */
static char *fate(const struct plan *plan, const struct plan_ns *ns)
{
	AUTO(buf) struct buf out = {0};

	buf_adds(&out, "  ");
	add_counts(ns, &out);
	buf_addf(&out, "; %u mounts before, %u after", ns->mounts_before, ns->mounts_after);
	if (plan->world->mount_max)
		buf_addf(&out, ", of at most %llu", (unsigned long long)plan->world->mount_max);
	buf_addc(&out, '\n');
	for (size_t i = 0; i < ns->n; i++) {
		AUTO(buf) struct buf line = {0};
		view_plan_line(plan, ns, &ns->v[i], &line);
		AUTO_FREE char *text = str_printable(line.data);
		buf_addf(&out, "  %-10s  %s\n", plan_kind_words[ns->v[i].kind], text);
	}
	return buf_take(&out);
}

struct fate {
	char *text;
	uint32_t ns; /* in the plan */
};

static int by_text(const void *a, const void *b)
{
	const struct fate *x = a, *y = b;
	int order = strcmp(x->text, y->text);

	return order ? order : x->ns < y->ns ? -1 : x->ns > y->ns;
}

static void print_name(const struct plan *plan, uint32_t i, FILE *out)
{
	uint32_t ns = plan->ns[i].ns;
	AUTO_FREE char *label = mnt_ns_label(plan->world, ns);
	AUTO_FREE char *line = xasprintf(
		"mnt:[%llu]%s%s%s", (unsigned long long)plan->world->ns[ns].inode,
		str_starts(label, "mnt:[") ? "" : " ", str_starts(label, "mnt:[") ? "" : label,
		ns == plan->in ? ", where the ops are carried out" : "");

	print("", line, out);
}

/* Namespaces with one fate stand together; the first of them says when. */
static void print_fates(const struct plan *plan, struct fate *fates, size_t n, FILE *out)
{
	AUTO_FREE uint32_t *last = xcalloc(plan->n_ns + 1, sizeof(*last));
	AUTO_FREE uint32_t *first_of = xcalloc(plan->n_ns + 1, sizeof(*first_of));

	qsort(fates, n, sizeof(*fates), by_text);
	for (size_t i = 0, first = 0; i < n; i++) {
		if (strcmp(fates[i].text, fates[first].text))
			first = i;
		first_of[fates[i].ns] = (uint32_t)first;
		last[fates[first].ns] = (uint32_t)i;
	}
	for (uint32_t i = 0; i < plan->n_ns; i++) {
		if (!plan->ns[i].n || fates[first_of[i]].ns != i)
			continue;
		fputc('\n', out);
		for (uint32_t k = first_of[i]; k <= last[i]; k++)
			print_name(plan, fates[k].ns, out);
		fputs(fates[first_of[i]].text, out);
	}
}

static void print_namespaces(const struct plan *plan, FILE *out)
{
	AUTO_FREE struct fate *fates = xcalloc(plan->n_ns + 1, sizeof(*fates));
	size_t n = 0;

	for (uint32_t i = 0; i < plan->n_ns; i++)
		if (plan->ns[i].n)
			fates[n++] = (struct fate){fate(plan, &plan->ns[i]), i};
	if (plan->refused && n)
		fprintf(out, "\nThe ops before it, if they were carried out alone:\n");
	print_fates(plan, fates, n, out);
	for (size_t i = 0; i < n; i++)
		free(fates[i].text);
	fprintf(out, "\n%s%zu of %u mount namespace%s change%s%s.\n",
		plan->n_unknown || plan->n_unread ? "At least " : "", n,
		plan->n_ns + plan->n_unknown, plan->n_ns + plan->n_unknown == 1 ? "" : "s",
		n == 1 ? "s" : "", plan->made ? ", and the ops make one for themselves" : "");
}

static void print_unknown(const struct plan *plan, FILE *out)
{
	if (plan->n_unread)
		fprintf(out, "Unknown: the mount namespace%s of %u process%s\n",
			plan->n_unread == 1 ? "" : "s", plan->n_unread,
			plan->n_unread == 1 ? "" : "es");
	for (uint32_t i = 0; i < plan->world->n_ns; i++) {
		const struct mnt_ns *ns = &plan->world->ns[i];
		if (ns->has_table && ns->table.n)
			continue;
		AUTO_FREE char *label = mnt_ns_label(plan->world, i);
		AUTO_FREE char *line =
			xasprintf("Unknown: mnt:[%llu] %s", (unsigned long long)ns->inode, label);
		print("", line, out);
	}
}

static void print_repeat(const struct plan *plan, FILE *out)
{
	const struct plan_repeat *repeat = &plan->repeat;
	AUTO(buf) struct buf line = {0};

	if (!repeat->tried)
		return;
	if (repeat->multiplies) {
		buf_adds(&line, "Multiplies: ");
		plan_print_op(plan, repeat->op, &line);
		buf_addf(&line,
			 " adds %llu mount%s, and %llu when it is repeated: each round "
			 "binds what the rounds before have made",
			 (unsigned long long)repeat->op_first, repeat->op_first == 1 ? "" : "s",
			 (unsigned long long)repeat->op_second);
		if (repeat->full_at)
			buf_addf(&line, "; fs.mount-max refuses round %u", repeat->full_at);
	} else if (repeat->refused) {
		buf_addf(&line, "Repeated, it would be refused at op %zu: %s",
			 repeat->refused_op + 1, repeat->refused);
	} else if (repeat->second) {
		buf_addf(&line, "Repeated, it adds %llu more mount%s each time",
			 (unsigned long long)repeat->second, repeat->second == 1 ? "" : "s");
	} else {
		return;
	}
	buf_addc(&line, '.');
	print("", line.data, out);
}

void view_plan_text(const struct plan *plan, FILE *out)
{
	print_verdict(plan, out);
	print_namespaces(plan, out);
	print_unknown(plan, out);
	print_repeat(plan, out);
	for (size_t i = 0; i < plan->assumed.n; i++)
		print(i ? "         " : "Assumed: ", plan->assumed.v[i], out);
}
