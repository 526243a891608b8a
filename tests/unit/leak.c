// SPDX-License-Identifier: Apache-2.0
/* What paths say of owners, and whose owner is gone. */
#include "world.h"

#include "mnt/leak.h"

#define ID  "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"
#define POD "0f1e2d3c-0000-4000-8000-0123456789ab"

/* "KIND OWNER", or "" for a path that says nothing. */
static void assert_owner(const char *target, const char *root, const char *expected)
{
	const struct mnt mnt = {.target = target, .root = root};
	AUTO(arena) struct arena text = {0};
	struct mnt_leak leak;
	AUTO_FREE char *got = mnt_leak_match(&mnt, &leak, &text)
				      ? xasprintf("%s %s", mnt_leak_words[leak.kind], leak.owner)
				      : xstrdup("");

	if (strcmp(got, expected))
		fail_msg("%s: '%s', expected '%s'", target, got, expected);
}

static void owners(void **state)
{
	static const char *const rows[][2] = {
		{"/var/lib/kubelet/pods/" POD "/volumes/x", "pod " POD},
		{"/var/lib/kubelet/pods/" POD, "pod " POD},
		{"/data/kubelet/pods/0123456789abcdef0123456789abcdef/x",
		 "pod 0123456789abcdef0123456789abcdef"},
		{"/var/lib/kubelet/pods/" POD "0/volumes", ""},
		{"/var/lib/kubelet/pods/short/volumes", ""},
		{"/var/lib/docker/containers/" ID "/mounts/shm", "container " ID},
		{"/var/lib/docker/containers/" ID "ff/mounts/shm", ""},
		{"/var/lib/docker/overlay2/" ID "/merged", "container root " ID},
		{"/var/lib/docker/overlay2/" ID "/merged/etc", "container root " ID},
		{"/var/lib/docker/overlay2/" ID "/mergedx", ""},
		{"/run/containerd/io.containerd.runtime.v2.task/k8s.io/" ID "/rootfs",
		 "container " ID},
		{"/run/containerd/io.containerd.runtime.v2.task/default/web/rootfs",
		 "container web"},
		{"/run/containerd/io.containerd.grpc.v1.cri/sandboxes/" ID "/shm", "container " ID},
		{"/run/containers/storage/overlay-containers/" ID "/userdata/shm", "container " ID},
		{"/var/lib/containers/storage/overlay/" ID "/merged", "container root " ID},
		{"/run/netns/cni-1f2e", "netns 1f2e"},
		{"/run/netns/mine", ""},
		{"/x/run/netns/cni-1f2e", ""},
		{"/run/docker/netns/default", "netns default"},
		{"/run/credentials/systemd-sysusers.service", "unit systemd-sysusers.service"},
		{"/run/user/1000", "user 1000"},
		{"/run/user/1000/gvfs", "user 1000"},
		{"/run/user/name", ""},
		{"/run/snapd/ns/lxd.mnt", "snap lxd"},
		{"/", ""},
		{"/run/mntns/template", ""},
	};

	for (size_t i = 0; i < ARRAY_SIZE(rows); i++)
		assert_owner(rows[i][0], "/", rows[i][1]);
	assert_owner("/tmp",
		     "/tmp/systemd-private-0123456789abcdef-systemd-logind.service-a1B2c3/tmp",
		     "unit systemd-logind.service");
	assert_owner("/tmp", "/tmp/systemd-private-x", "");
}

static void assert_leaks(const struct mnt_world *world, const char *expected)
{
	AUTO(mnt_leaks) struct mnt_leaks leaks = {0};
	AUTO(buf) struct buf out = {0};

	mnt_leaks_find(world, &leaks);
	for (size_t i = 0; i < leaks.n; i++)
		buf_addf(&out, "%u %s\n", leaks.v[i].ns,
			 leaks.v[i].mount == MAP_NONE
				 ? "all"
				 : world->ns[leaks.v[i].ns].table.v[leaks.v[i].mount].target);
	buf_add(&out, "", 0);
	assert_string_equal(out.data, expected);
}

static const char ours[] = "1 0 0:1 / / rw - tmpfs root rw\n"
			   "2 1 0:2 / /kubelet/pods/" POD "/v rw - tmpfs v rw\n"
			   "3 1 0:3 / /docker/containers/" ID "/shm rw - tmpfs v rw\n"
			   "4 1 0:4 / /docker/overlay2/" ID "/merged rw - overlay o rw\n"
			   "5 1 0:1 /was//deleted /bound rw - tmpfs root rw\n"
			   "6 1 0:6 / /run/user/1000 rw - tmpfs u rw\n"
			   "7 2 0:7 / /kubelet/pods/" POD "/v/on rw - tmpfs v rw\n";
static const char theirs[] = "21 0 0:1 / / rw - tmpfs root rw\n"
			     "22 21 0:2 / /kubelet/pods/" POD "/v rw - tmpfs v rw\n"
			     "23 21 0:1 /was//deleted /bound rw - tmpfs root rw\n";

static void alive(void **state)
{
	struct mnt_world world = make(ours, theirs);

	assert_leaks(&world, "0 /kubelet/pods/" POD "/v\n0 /docker/containers/" ID "/shm\n"
			     "0 /docker/overlay2/" ID "/merged\n0 /bound\n"
			     "0 /kubelet/pods/" POD "/v/on\n1 /kubelet/pods/" POD "/v\n");
	world.procs[1].pod = POD;
	world.procs[1].container = ID;
	VEC_PUSH(world.uses, world.n_uses, (struct mnt_use){1, MNT_USE_ROOT, -1, 4, 0, 4, NULL});
	assert_leaks(&world, "0 /bound\n");
	/* Nobody can be told dead where no process is in sight. */
	world.n_procs = world.n_uses = 0;
	world.ns[0].n_procs = world.ns[1].n_procs = 0;
	assert_leaks(&world, "0 /bound\n1 /bound\n");
	VEC_PUSH(world.ns[1].holds, world.ns[1].n_holds,
		 (struct mnt_hold){MNT_HOLD_KERNEL, MAP_NONE, -1, MAP_NONE, 0, NULL});
	assert_leaks(&world, "0 /bound\n1 all\n1 /bound\n");
	mnt_world_done(&world);
}

static bool is_elsewhere(void *ctx, const struct mnt_leak *leak, const char **ret_evidence)
{
	*ret_evidence = "looked";
	return leak->ns != 0;
}

static void rows(void **state)
{
	struct mnt_world world = make(ours, theirs);
	AUTO(mnt_leaks) struct mnt_leaks leaks = {0};
	AUTO(mnt_who) struct mnt_who who = {0};

	mnt_leaks_find(&world, &leaks);
	mnt_leaks_filter(&leaks, is_elsewhere, NULL);
	assert_int_equal(leaks.n, 5);
	assert_string_equal(leaks.v[0].evidence, "no process of this pod, looked");
	mnt_leaks_rows(&world, &leaks, &who);
	mnt_who_order(&who);
	/* What is on top comes first. */
	assert_int_equal(who.n, 5);
	assert_string_equal(world.ns[0].table.v[who.v[0].mount].target, "/bound");
	size_t on = 0, below = 0;
	for (size_t i = 0; i < who.n; i++) {
		on = who.v[i].mount == 6 ? i : on;
		below = who.v[i].mount == 1 ? i : below;
	}
	assert_true(on < below);
	mnt_world_done(&world);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(owners),
		cmocka_unit_test(alive),
		cmocka_unit_test(rows),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
