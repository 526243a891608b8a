// SPDX-License-Identifier: Apache-2.0
/* An entry of a watch as one line of JSON. */
#include "base/json.h"
#include "cli/watch_entries.h"

static void member(const char *key, const char *value, FILE *out)
{
	fprintf(out, ", \"%s\": ", key);
	json_print_bytes(value, out);
}

static void print_mount(const struct mnt *mnt, FILE *out)
{
	AUTO(buf) struct buf options = {0};
	AUTO(buf) struct buf type = {0};

	mnt_options_print(mnt, &options);
	mnt_type_print(mnt, &type);
	member("target", mnt->target, out);
	member("source", mnt->source, out);
	member("fstype", mnt->fstype, out);
	member("fsroot", mnt->root, out);
	fprintf(out, ", \"maj:min\": \"%u:%u\"", mnt->major, mnt->minor);
	member("vfs-options", options.data, out);
	member("fs-options", mnt->options, out);
	member("propagation", type.data, out);
}

static void print_namespace(const struct watch *watch, const struct mnt_event *event, FILE *out)
{
	const struct mnt *mnt = event->after ? event->after : event->before;

	fprintf(out, "{\"ns\": %llu", (unsigned long long)watch_inode(watch, event->ns));
	member("name", watch_label(watch, event->ns), out);
	if (mnt) {
		fprintf(out, ", \"id\": %u", mnt->id);
		member("target", mnt->target, out);
	}
	if (event->before && event->after)
		member("was", event->before->target, out);
	putc('}', out);
}

void watch_print_json(const struct watch_entries *entries, size_t row, FILE *out)
{
	const struct watch_entry *entry = &entries->v[row];
	const struct mnt_event *first = entry->v;
	const struct mnt *mnt = first->after ? first->after : first->before;
	AUTO(buf) struct buf change = {0};

	fprintf(out, "{\"time\": \"%s\", \"action\": \"%s\"", entries->time, watch_action(first));
	if (first->unique)
		fprintf(out, ", \"uniq-id\": %llu", (unsigned long long)first->unique);
	if (mnt)
		print_mount(mnt, out);
	watch_change(first, &change);
	if (change.len)
		member("change", change.data, out);
	fputs(", \"namespaces\": [", out);
	for (size_t i = 0; i < entry->n; i++) {
		fputs(i ? ", " : "", out);
		print_namespace(entries->watch, &entry->v[i], out);
	}
	fputs("]}\n", out);
}
