// SPDX-License-Identifier: Apache-2.0
/*
 * study TABLES PLOT [MAX]: what one more mount, and one more pod, cost on a node with N pods, for N
 * up to 10,000, or MAX. All of it is counted, nothing is timed, so it is the same on every machine.
 *
 * A node of which each of N pods shows all mounts of N pods has N * N of them. It is taken apart:
 * who receives a mount is counted with N containers that all stand on the mounts of one pod, and
 * what a start copies with the mounts of N pods and one container. For small N the whole node is
 * made as well, and must give the same numbers.
 */
#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "study.h"

#define WHOLE_MAX 30	 /* pods of a node that is made as a whole */
#define MOUNT_MAX 100000 /* fs.mount-max, the model's as well */

static const uint32_t counts[] = {1, 3, 10, 30, 100, 300, 1000, 3000, 10000};

static void require(int rc, const char *what)
{
	if (rc < 0)
		errx(1, "%s: %s", what, strerror(-rc));
}

static void require_whole(const struct node *node)
{
	AUTO_FREE char *broken = model_check(node->m);

	if (broken)
		errx(1, "the model is broken: %s", broken);
}

static size_t count_changed(const struct node *node, const uint32_t *before)
{
	size_t n = 0;

	for (size_t i = 0; i < node->n_pods; i++)
		n += model_count(node->pods[i]) != before[i];
	return n;
}

/* One mount is the driver's own, one the host's. */
static void measure_volume(struct node *node, struct row *row)
{
	uint32_t *before = xcalloc(node->n_pods + 1, sizeof(*before));
	uint64_t made = node_made(node), mounts = node_mounts(node);

	for (size_t i = 0; i < node->n_pods; i++)
		before[i] = model_count(node->pods[i]);
	require(node_mount_volume(node), "a volume");
	row->volume_mounts = node_made(node) - made;
	if (row->volume_mounts != 2 + count_changed(node, before))
		errx(1, "a volume makes more than one mount in a namespace");
	require(node_umount_volume(node), "umount of the volume");
	if (node_mounts(node) != mounts)
		errx(1, "the umount left mounts behind");
	free(before);
}

static void measure_start(struct node *node, enum setup setup, uint32_t p, struct row *row)
{
	uint64_t made = node_made(node);
	int rc = node_start(node, setup, p, &row->peak);

	if (rc != -ENOSPC)
		require(rc, "a container");
	if (rc < 0) {
		row->peak = row->after = 0;
		return;
	}
	row->start_mounts = node_made(node) - made;
	if (row->start_mounts != row->peak)
		errx(1, "a start makes mounts elsewhere");
	row->after = model_count(node->pods[node->n_pods - 1]);
}

/* Many receivers, and one pod's mounts. */
static void measure_wide(enum setup setup, uint32_t n, struct row *row)
{
	struct node node;

	node_init(&node);
	for (uint32_t i = 0; i < n; i++)
		require(node_start(&node, setup, 0, NULL), "a container");
	measure_volume(&node, row);
	require_whole(&node);
	node_done(&node);
}

/* Many pods' mounts, and one container. False: the host has no room for them. */
static bool measure_deep(enum setup setup, uint32_t n, struct row *row)
{
	struct node node;
	int rc = 0;

	node_init(&node);
	for (uint32_t i = 1; i <= n && rc == 0; i++)
		rc = node_prepare(&node, i);
	if (rc == 0)
		measure_start(&node, setup, n, row);
	else if (rc != -ENOSPC)
		require(rc, "a pod's mounts");
	require_whole(&node);
	node_done(&node);
	return rc == 0;
}

static void compare_whole(enum setup setup, const struct row *parts)
{
	struct row row = {0};
	struct node node;

	node_init(&node);
	for (uint32_t i = 1; i < parts->n; i++) {
		require(node_prepare(&node, i), "a pod's mounts");
		require(node_start(&node, setup, i, NULL), "a container");
	}
	require(node_prepare(&node, parts->n), "a pod's mounts");
	measure_start(&node, setup, parts->n, &row);
	measure_volume(&node, &row);
	require_whole(&node);
	for (size_t i = 0; i < node.n_pods; i++)
		if (model_count(node.pods[i]) != row.after)
			errx(1, "%s, %u pods: pod %zu has %u mounts, the last one %u",
			     setup_names[setup], parts->n, i, model_count(node.pods[i]), row.after);
	if (row.volume_mounts != parts->volume_mounts || row.peak != parts->peak ||
	    row.after != parts->after)
		errx(1,
		     "%s, %u pods: in parts a volume makes %llu mounts and a pod has %u (%u), as a "
		     "whole %llu and %u (%u)",
		     setup_names[setup], parts->n, (unsigned long long)parts->volume_mounts,
		     parts->after, parts->peak, (unsigned long long)row.volume_mounts, row.after,
		     row.peak);
	node_done(&node);
}

static bool starts(enum setup setup, uint32_t n, bool *ret_has_room)
{
	struct row row = {0};

	*ret_has_room = measure_deep(setup, n, &row);
	return *ret_has_room && row.peak;
}

/*
 * The first pod that does not start. What a start copies grows by the same with each pod, so where
 * it ends is computed from two starts; and then tried: the one before starts, and this one does
 * not.
 */
static uint32_t find_full(enum setup setup, bool *ret_by_host)
{
	struct row a = {0}, b = {0};
	bool has_room;

	measure_deep(setup, 100, &a);
	measure_deep(setup, 101, &b);
	uint32_t each = b.peak - a.peak;
	uint32_t n = 100 + (MOUNT_MAX - a.peak) / each + 1;
	if (!starts(setup, n - 1, &has_room) || starts(setup, n, &has_room))
		errx(1, "%s: a table is not full at %u pods", setup_names[setup], n);
	*ret_by_host = !has_room;
	return n;
}

/* With no more than `max` pods; where tables are full is only looked for with all. */
static void study_init(struct study *study, uint32_t max)
{
	*study = (struct study){0};
	while (study->n_rows < ARRAY_SIZE(counts) && counts[study->n_rows] <= max)
		study->n_rows++;
	for (int setup = 0; setup < N_SETUPS; setup++) {
		for (size_t i = 0; i < study->n_rows; i++) {
			struct row *row = &study->rows[setup][i];
			row->n = counts[i];
			measure_wide(setup, row->n, row);
			measure_deep(setup, row->n, row);
			if (row->n <= WHOLE_MAX)
				compare_whole(setup, row);
		}
		if (study->n_rows == ARRAY_SIZE(counts))
			study->full_at[setup] = find_full(setup, &study->full_by_host[setup]);
	}
}

static void print_number(uint64_t n, FILE *out)
{
	char digits[32];
	int len = snprintf(digits, sizeof(digits), "%llu", (unsigned long long)n);

	fprintf(out, " ");
	for (int i = 0; i < len; i++)
		fprintf(out, "%c%s", digits[i], (len - i - 1) % 3 == 0 && i + 1 < len ? "," : "");
	fprintf(out, " |");
}

static uint64_t volume_of(const struct row *row)
{
	return row->volume_mounts;
}

static uint64_t start_of(const struct row *row)
{
	return row->start_mounts;
}

static uint64_t after_of(const struct row *row)
{
	return row->after;
}

static uint64_t all_of(const struct row *row)
{
	return (uint64_t)row->n * row->after;
}

static void print_table(const struct study *study, const char *title,
			uint64_t (*of)(const struct row *), FILE *out)
{
	fprintf(out, "\n%s:\n\n| pods |", title);
	for (int setup = 0; setup < N_SETUPS; setup++)
		fprintf(out, " `%s` |", setup_names[setup]);
	fprintf(out, "\n|--:|--:|--:|--:|--:|\n");
	for (size_t i = 0; i < study->n_rows; i++) {
		fprintf(out, "|");
		print_number(study->rows[0][i].n, out);
		for (int setup = 0; setup < N_SETUPS; setup++) {
			if (of(&study->rows[setup][i]))
				print_number(of(&study->rows[setup][i]), out);
			else
				fprintf(out, " (full) |");
		}
		fprintf(out, "\n");
	}
}

static void print_tables(const struct study *study, FILE *out)
{
	print_table(study,
		    "Mounts that one new volume makes, one in each namespace that it reaches",
		    volume_of, out);
	print_table(study,
		    "Mounts that the start of one more container makes, all at one time in its "
		    "namespace",
		    start_of, out);
	print_table(study, "Mounts that are left in its namespace when it runs", after_of, out);
	print_table(study, "Mounts of all pods together", all_of, out);
	if (!study->full_at[0])
		return;
	fprintf(out, "\nThe first pod that does not start, with fs.mount-max at its default of "
		     "100,000:\n"
		     "\n| | pod | the full table |\n|---|--:|---|\n");
	for (int setup = 0; setup < N_SETUPS; setup++) {
		fprintf(out, "| `%s` |", setup_names[setup]);
		print_number(study->full_at[setup], out);
		fprintf(out, " %s |\n",
			study->full_by_host[setup] ? "the host's" : "its own, as it starts");
	}
}

static FILE *open_output(const char *path)
{
	FILE *out = fopen(path, "we");

	if (!out)
		err(1, "%s", path);
	return out;
}

static void close_output(FILE *out, const char *path)
{
	if (ferror(out) | fclose(out))
		errx(1, "%s: it could not be written", path);
}

int main(int argc, char **argv)
{
	static struct study study;

	if (argc != 3 && argc != 4)
		errx(2, "usage: study TABLES PLOT [MAX]");
	study_init(&study, argc == 4 ? (uint32_t)atoi(argv[3]) : UINT32_MAX);
	FILE *tables = open_output(argv[1]), *plot = open_output(argv[2]);
	print_tables(&study, tables);
	study_plot(&study, plot);
	close_output(tables, argv[1]);
	close_output(plot, argv[2]);
	return 0;
}
