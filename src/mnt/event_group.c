// SPDX-License-Identifier: Apache-2.0
/* One event and its copies: found by their groups, as the kernel made them. */
#include "base/mem.h"
#include "mnt/event.h"

#include <string.h>

static const struct mnt *mount_of(const struct mnt_event *event)
{
	return event->after ? event->after : event->before;
}

/*
 * What a copy has in common with where it came from: kind, file system, directory, place, and a
 * peer group that one is a member or a slave of. A mount of no group is nobody's copy.
 */
static uint64_t key(const struct mnt_event *event, uint32_t group)
{
	const struct mnt *mnt = mount_of(event);
	uint64_t numbers[] = {event->kind, (uint64_t)mnt->major << 32 | mnt->minor, group,
			      event->place};

	return map_hash(map_hash(0, numbers, sizeof(numbers)), mnt->root, strlen(mnt->root));
}

static uint32_t find(uint32_t *leader, uint32_t i)
{
	while (leader[i] != i)
		i = leader[i] = leader[leader[i]];
	return i;
}

/* The earlier of two leaders leads. */
static void join(uint32_t *leader, uint32_t a, uint32_t b)
{
	a = find(leader, a);
	b = find(leader, b);
	if (a < b)
		leader[b] = a;
	else
		leader[a] = b;
}

static void join_by_groups(const struct mnt_events *events, uint32_t *leader)
{
	struct map first = {0};

	for (uint32_t i = 0; i < events->n; i++) {
		const struct mnt_event *event = &events->v[i];
		const struct mnt *mnt = mount_of(event);
		if (mnt && mnt->group)
			join(leader, map_add(&first, key(event, mnt->group), i), i);
		if (mnt && mnt->master)
			join(leader, map_add(&first, key(event, mnt->master), i), i);
	}
	map_done(&first);
}

static int compare(const void *a, const void *b)
{
	const struct mnt_event *x = a, *y = b;

	if (x->entry != y->entry)
		return x->entry < y->entry ? -1 : 1;
	/* Who is nobody's slave comes first: there it began. */
	const struct mnt *p = mount_of(x), *q = mount_of(y);
	bool p_slave = p && p->master, q_slave = q && q->master;
	return p_slave != q_slave ? p_slave - q_slave : (x->ns > y->ns) - (x->ns < y->ns);
}

void mnt_events_group(struct mnt_events *events)
{
	uint32_t *leader = xcalloc(events->n + 1, sizeof(*leader));
	uint32_t *number = xcalloc(events->n + 1, sizeof(*number)), n = 0;

	for (uint32_t i = 0; i < events->n; i++)
		leader[i] = i;
	join_by_groups(events, leader);
	for (uint32_t i = 0; i < events->n; i++) {
		uint32_t first = find(leader, i);
		if (first == i)
			number[i] = n++;
		events->v[i].entry = number[first];
	}
	if (events->n)
		qsort(events->v, events->n, sizeof(*events->v), compare);
	free(leader);
	free(number);
}
