// SPDX-License-Identifier: Apache-2.0
/* What a watch saw, in columns. */
#include "base/mem.h"
#include "cli/watch_entries.h"

#include <string.h>
#include <time.h>

enum {
	TIME,
	ACTION,
	TARGET,
	SOURCE,
	FSTYPE,
	CHANGE,
	NAMESPACES,
	COPIES,
	ID,
	UNIQ_ID
};
const struct view_column watch_columns[] = {
	[TIME] = {"TIME", 0, "when it was seen, UTC"},
	[ACTION] = {"ACTION", 0,
		    "attached, detached, moved, changed; passed (came and went unseen), lost (the "
		    "kernel dropped events), appeared, ended (a namespace)"},
	[TARGET] = {"TARGET", 0, "where, in the first of the namespaces"},
	[SOURCE] = {"SOURCE", 0, "what is mounted"},
	[FSTYPE] = {"FSTYPE", 0, "the file system's type"},
	[CHANGE] = {"CHANGE", 0, "what it was before, and is now"},
	[NAMESPACES] = {"NAMESPACES", 0, "where it happened, and where its copies arrived"},
	[COPIES] = {"COPIES", VIEW_RIGHT | VIEW_EXTRA, "how many copies arrived elsewhere"},
	[ID] = {"ID", VIEW_RIGHT | VIEW_EXTRA, "the mount's id"},
	[UNIQ_ID] = {"UNIQ-ID", VIEW_RIGHT | VIEW_EXTRA, "its 64-bit id (Linux 6.8)"},
	{0},
};

const char *watch_action(const struct mnt_event *event)
{
	static const char *const words[] = {
		[MNT_DETACHED] = "detached", [MNT_MOVED] = "moved",    [MNT_CHANGED] = "changed",
		[MNT_ATTACHED] = "attached", [MNT_PASSED] = "passed",  [MNT_LOST] = "lost",
		[MNT_NS_BEGAN] = "appeared", [MNT_NS_ENDED] = "ended",
	};

	return words[event->kind];
}

static void difference(const char *before, const char *after, struct buf *out)
{
	if (strcmp(before, after))
		buf_addf(out, "%s%s -> %s", out->len ? "; " : "", before, after);
}

static char *options_of(const struct mnt *mnt)
{
	struct buf b = {0};

	mnt_options_print(mnt, &b);
	return buf_take(&b);
}

static char *type_of(const struct mnt *mnt)
{
	struct buf b = {0};

	mnt_type_print(mnt, &b);
	return buf_take(&b);
}

static void describe_change(const struct mnt_event *event, struct buf *out)
{
	AUTO_FREE char *options = options_of(event->before);
	AUTO_FREE char *options_now = options_of(event->after);
	AUTO_FREE char *type = type_of(event->before);
	AUTO_FREE char *type_now = type_of(event->after);

	difference(options, options_now, out);
	difference(type, type_now, out);
	difference(event->before->options, event->after->options, out);
	difference(event->before->source, event->after->source, out);
}

void watch_change(const struct mnt_event *event, struct buf *out)
{
	AUTO(buf) struct buf change = {0};

	if (event->kind == MNT_MOVED)
		buf_addf(&change, "from %s", event->before->target);
	else if (event->kind == MNT_CHANGED)
		describe_change(event, &change);
	buf_add(out, change.data, change.len);
}

static void number(struct buf *out, uint64_t n)
{
	if (n)
		buf_addf(out, "%llu", (unsigned long long)n);
}

static void namespaces(const struct watch_entries *entries, const struct watch_entry *entry,
		       struct buf *out)
{
	for (size_t i = 0; i < entry->n; i++)
		buf_addf(out, "%s%s", i ? ", " : "", watch_label(entries->watch, entry->v[i].ns));
}

void watch_cell(const void *ctx, size_t row, size_t column, struct buf *out)
{
	static const struct mnt unknown = {.target = "", .source = "", .fstype = ""};
	const struct watch_entries *entries = ctx;
	const struct watch_entry *entry = &entries->v[row];
	const struct mnt_event *first = entry->v;
	const struct mnt *mnt = first->after ? first->after : first->before;

	mnt = mnt ? mnt : &unknown;
	switch (column) {
	case TIME:
		return buf_adds(out, entries->time);
	case ACTION:
		return buf_adds(out, watch_action(first));
	case TARGET:
		return buf_adds(out, mnt->target);
	case SOURCE:
		return buf_adds(out, mnt->source);
	case FSTYPE:
		return buf_adds(out, mnt->fstype);
	case CHANGE:
		return watch_change(first, out);
	case NAMESPACES:
		return namespaces(entries, entry, out);
	case COPIES:
		return buf_addf(out, "%zu", entry->n - 1);
	case ID:
		return number(out, mnt->id);
	default:
		return number(out, first->unique);
	}
}

static void set_time(struct watch_entries *entries)
{
	struct timespec now;
	struct tm tm;
	size_t len;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &tm);
	len = strftime(entries->time, sizeof(entries->time), "%FT%T", &tm);
	snprintf(entries->time + len, sizeof(entries->time) - len, ".%03dZ",
		 (int)(now.tv_nsec / 1000000));
}

void watch_entries_make(const struct mnt_events *events, struct watch_entries *ret)
{
	for (size_t i = 0; i < events->n; i++) {
		if (!i || events->v[i].entry != events->v[i - 1].entry)
			VEC_PUSH(ret->v, ret->n, (struct watch_entry){&events->v[i], 0});
		ret->v[ret->n - 1].n++;
	}
	set_time(ret);
}
