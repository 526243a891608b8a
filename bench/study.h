/* SPDX-License-Identifier: Apache-2.0 */
/* A node of a cluster, on the model: what its pods' volumes make of each mount. See docs/scale.md.
 */
#ifndef BENCH_STUDY_H
#define BENCH_STUDY_H

#include <stdio.h>

#include "model/model.h"

/* What each pod has besides its own volumes. */
enum setup {
	SETUP_PRIVATE, /* its volumes, of propagation None */
	SETUP_OWN,     /* its volumes, one HostToContainer and one Bidirectional */
	SETUP_KUBELET, /* /var/lib/kubelet, Bidirectional */
	SETUP_ROOT,    /* "/", HostToContainer */
	N_SETUPS,
};
extern const char *const setup_names[N_SETUPS];

/* study_node.c */
struct node {
	struct model *m;
	struct model_task *host, *driver; /* kubelet and the runtime; the CSI driver's container */
	struct model_task **pods;
	size_t n_pods;
};
void node_init(struct node *node);
void node_done(struct node *node);
/* What is mounted on the host for pod `p` before its container starts. -ENOSPC: a table is full. */
int node_prepare(struct node *node, uint32_t p);
/* Starts a container as runc does, on what was prepared for pod `p`; *ret_peak (may be NULL) is the
 * most mounts that its namespace had meanwhile. */
int node_start(struct node *node, enum setup setup, uint32_t p, uint32_t *ret_peak);
/* The CSI driver mounts a volume for a pod that has none yet, and takes it off again. */
int node_mount_volume(struct node *node);
int node_umount_volume(struct node *node);
/* How many mounts were ever made. */
uint64_t node_made(const struct node *node);
/* How many namespaces have how many mounts. */
uint64_t node_mounts(const struct node *node);

/* study.c */
struct row {
	uint32_t n; /* pods */
	uint64_t volume_mounts, start_mounts;
	uint32_t peak,
		after; /* mounts of the starting container's namespace; 0: it did not start */
};
#define ROWS_MAX 16
struct study {
	struct row rows[N_SETUPS][ROWS_MAX];
	size_t n_rows;
	uint32_t full_at[N_SETUPS];  /* pods with which the next one does not start */
	bool full_by_host[N_SETUPS]; /* because the host's own table is full */
};

/* study_plot.c */
void study_plot(const struct study *study, FILE *out);

#endif
