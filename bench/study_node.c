// SPDX-License-Identifier: Apache-2.0
/* The node: what kubelet, a CSI driver, containerd and runc mount, call by call. */
#include "study.h"

#include <err.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/parts.h"

const char *const setup_names[N_SETUPS] = {"private", "own", "kubelet", "root"};

#define KUBELET "/var/lib/kubelet"
#define TASKS	"/run/containerd/io.containerd.runtime.v2.task/k8s.io"

/* Of a host with systemd, besides "/". */
static const char *const base_mounts[] = {
	"/proc",
	"/proc/sys/fs/binfmt_misc",
	"/sys",
	"/sys/kernel/security",
	"/sys/fs/cgroup",
	"/sys/fs/pstore",
	"/sys/fs/bpf",
	"/sys/kernel/debug",
	"/sys/kernel/tracing",
	"/sys/kernel/config",
	"/sys/fs/fuse/connections",
	"/dev",
	"/dev/pts",
	"/dev/shm",
	"/dev/mqueue",
	"/dev/hugepages",
	"/run",
	"/run/lock",
	"/run/user/0",
	"/run/credentials",
	"/boot",
	"/boot/efi",
	"/tmp",
	"/var/log",
};
/* Of a container, besides "/" and its volumes. */
static const char *const container_mounts[] = {
	"/proc",
	"/dev",
	"/dev/pts",
	"/dev/mqueue",
	"/dev/shm",
	"/sys",
	"/sys/fs/cgroup",
	"/etc/hosts",
	"/etc/hostname",
	"/etc/resolv.conf",
	"/dev/termination-log",
	"/var/run/secrets/kubernetes.io/serviceaccount",
	"/proc/sys",
	"/proc/kcore",
	"/proc/keys",
	"/sys/firmware",
};

static void require(int rc, const char *what)
{
	if (rc < 0)
		errx(1, "%s: %s", what, strerror(-rc));
}

static int new_volume(struct node *node, struct model_task *task, const char *type,
		      const char *target)
{
	const struct model_at name = {.fd = MODEL_CWD, .path = type};

	return model_mount(node->m, task, &name, target, type, 0);
}

static int bind_to(struct node *node, struct model_task *task, const char *from, const char *to,
		   unsigned flags)
{
	const struct model_at source = {.fd = MODEL_CWD, .path = from};

	return model_mount(node->m, task, &source, to, NULL, MODEL_MS_BIND | flags);
}

static int set_type(struct node *node, struct model_task *task, const char *target, unsigned flags)
{
	return model_mount(node->m, task, NULL, target, NULL, flags);
}

void node_init(struct node *node)
{
	*node = (struct node){.m = model_new(&(struct model_rules){0}, "ext4", 1)};
	/* Directories are there when they are asked for. */
	node->m->knows_not_all = true;
	node->host = node->driver = model_first_task(node->m);
	require(set_type(node, node->host, "/", MODEL_MS_SHARED), "make-shared");
	for (size_t i = 0; i < ARRAY_SIZE(base_mounts); i++)
		require(new_volume(node, node->host, "ext4", base_mounts[i]), base_mounts[i]);
	require(node_prepare(node, 0), "the driver's mounts");
	require(node_start(node, SETUP_KUBELET, 0, NULL), "the driver");
	node->driver = node->pods[--node->n_pods];
}

void node_done(struct node *node)
{
	model_free(node->m);
	free(node->pods);
}

uint64_t node_made(const struct node *node)
{
	return node->m->next_uid;
}

uint64_t node_mounts(const struct node *node)
{
	uint64_t n = 0;

	for (const struct model_ns *ns = node->m->namespaces; ns; ns = ns->next)
		n += ns->n;
	return n;
}

/* Staged once and published to the pod, as CSI has it. */
static int publish(struct node *node, const char *pod, int volume)
{
	char stage[256], target[256];

	snprintf(stage, sizeof(stage), KUBELET "/plugins/kubernetes.io/csi/pv-%s-%d/globalmount",
		 pod, volume);
	snprintf(target, sizeof(target), KUBELET "/pods/%s/volumes/kubernetes.io~csi/%d/mount", pod,
		 volume);
	int rc = new_volume(node, node->driver, "ext4", stage);
	return rc < 0 ? rc : bind_to(node, node->driver, stage, target, 0);
}

int node_prepare(struct node *node, uint32_t p)
{
	static const char *const by_runtime[] = {
		KUBELET "/pods/%u/volumes/kubernetes.io~projected/token",
		"/run/netns/cni-%u",
		"/run/containerd/io.containerd.grpc.v1.cri/sandboxes/%u/shm",
		TASKS "/sandbox-%u/rootfs",
		TASKS "/%u/rootfs",
	};
	char path[256], pod[16];
	int rc = 0;

	snprintf(pod, sizeof(pod), "%u", p);
	for (int volume = 0; volume < 2 && rc == 0; volume++)
		rc = publish(node, pod, volume);
	for (size_t i = 0; i < ARRAY_SIZE(by_runtime) && rc == 0; i++) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
		snprintf(path, sizeof(path), by_runtime[i], p);
#pragma GCC diagnostic pop
		rc = new_volume(node, node->host, "ext4", path);
	}
	return rc;
}

/* A volume of the container; `type` is what becomes of all mounts of it. */
static int add_volume(struct node *node, struct model_task *task, const char *source,
		      const char *rootfs, const char *target, unsigned type)
{
	char path[512];

	snprintf(path, sizeof(path), "%s%s", rootfs, target);
	int rc = bind_to(node, task, source, path, MODEL_MS_REC);
	return rc < 0 ? rc : set_type(node, task, path, MODEL_MS_REC | type);
}

static int add_volumes(struct node *node, struct model_task *task, enum setup setup, uint32_t p,
		       const char *rootfs)
{
	bool is_own = setup == SETUP_OWN;
	int rc = 0;

	for (int volume = 0; volume < 2 && rc == 0; volume++) {
		char source[256], target[32];
		snprintf(source, sizeof(source),
			 KUBELET "/pods/%u/volumes/kubernetes.io~csi/%d/mount", p, volume);
		snprintf(target, sizeof(target), "/data/%d", volume);
		rc = add_volume(node, task, source, rootfs, target,
				!is_own	 ? MODEL_MS_PRIVATE
				: volume ? MODEL_MS_SHARED
					 : MODEL_MS_SLAVE);
	}
	if (rc == 0 && setup == SETUP_KUBELET)
		rc = add_volume(node, task, KUBELET, rootfs, KUBELET, MODEL_MS_SHARED);
	if (rc == 0 && setup == SETUP_ROOT)
		rc = add_volume(node, task, "/", rootfs, "/host", MODEL_MS_SLAVE);
	return rc;
}

static int furnish(struct node *node, struct model_task *task, enum setup setup, uint32_t p,
		   const char *rootfs)
{
	bool is_shared = setup == SETUP_OWN || setup == SETUP_KUBELET;
	int rc = 0;

	/* With a Bidirectional volume the copy stays a peer of the host's, for that volume's sake.
	 */
	if (!is_shared)
		rc = set_type(node, task, "/", MODEL_MS_REC | MODEL_MS_SLAVE);
	if (rc == 0)
		rc = set_type(node, task, rootfs, MODEL_MS_PRIVATE);
	if (rc == 0)
		rc = bind_to(node, task, rootfs, rootfs, MODEL_MS_REC);
	for (size_t i = 0; i < ARRAY_SIZE(container_mounts) && rc == 0; i++) {
		char path[512];
		snprintf(path, sizeof(path), "%s%s", rootfs, container_mounts[i]);
		rc = new_volume(node, task, "ext4", path);
	}
	return rc < 0 ? rc : add_volumes(node, task, setup, p, rootfs);
}

/* Leaves what is below the container's "/", and nothing of the host's. */
static int pivot(struct node *node, struct model_task *task, const char *rootfs)
{
	char old[512];

	snprintf(old, sizeof(old), "%s/.old", rootfs);
	int rc = model_pivot_root(node->m, task, rootfs, old);
	if (rc == 0)
		rc = set_type(node, task, "/.old", MODEL_MS_REC | MODEL_MS_SLAVE);
	return rc < 0 ? rc : model_umount(node->m, task, "/.old", MODEL_UMOUNT_DETACH);
}

int node_start(struct node *node, enum setup setup, uint32_t p, uint32_t *ret_peak)
{
	struct model_task *task = model_fork(node->m, node->host);
	char rootfs[256];

	snprintf(rootfs, sizeof(rootfs), TASKS "/%u/rootfs", p);
	int rc = model_unshare(node->m, task, MODEL_NEWNS, 0);
	if (rc == 0)
		rc = furnish(node, task, setup, p, rootfs);
	if (rc == 0 && ret_peak)
		*ret_peak = model_count(task);
	if (rc == 0)
		rc = pivot(node, task, rootfs);
	if (rc < 0)
		model_exit(node->m, task);
	else
		VEC_PUSH(node->pods, node->n_pods, task);
	return rc;
}

int node_mount_volume(struct node *node)
{
	return new_volume(node, node->driver, "ext4",
			  KUBELET "/plugins/kubernetes.io/csi/pv-new/globalmount");
}

int node_umount_volume(struct node *node)
{
	return model_umount(node->m, node->driver,
			    KUBELET "/plugins/kubernetes.io/csi/pv-new/globalmount", 0);
}
