// SPDX-License-Identifier: Apache-2.0
/* Owners from the paths of cgroups, as systemd and the engines make them. */
#include "unit.h"

#include "mnt/owner.h"

#define ID "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"

static const char *shown(const char *s)
{
	return s ? s : "-";
}

/* "unit engine container pod" */
static void assert_owner(const char *path, const char *expected)
{
	struct arena text = {0};
	struct mnt_owner owner = mnt_owner_parse(path, &text);
	AUTO_FREE char *got = xasprintf("%s %s %s %s", shown(owner.unit), shown(owner.engine),
					shown(owner.container), shown(owner.pod));

	assert_string_equal(got, expected);
	arena_done(&text);
}

static void units(void **state)
{
	assert_owner("/", "- - - -");
	assert_owner("", "- - - -");
	assert_owner("/init.scope", "init.scope - - -");
	assert_owner("/system.slice/nginx.service", "nginx.service - - -");
	assert_owner("/system.slice/nginx.service/worker", "nginx.service - - -");
	assert_owner("/user.slice/user-0.slice/user@0.service/app.slice/sync.service",
		     "sync.service - - -");
	assert_owner("/system.slice/.service", "- - - -");
}

static void containers(void **state)
{
	assert_owner("/docker/" ID, "- docker " ID " -");
	assert_owner("/system.slice/docker-" ID ".scope", "docker-" ID ".scope docker " ID " -");
	assert_owner("/machine.slice/libpod-" ID ".scope/container",
		     "libpod-" ID ".scope podman " ID " -");
	assert_owner("/libpod_parent/libpod-" ID, "- podman " ID " -");
	assert_owner("/lxc.payload.web", "- lxc web -");
	assert_owner("/lxc/web", "- lxc web -");
	assert_owner("/a/mntns-web", "- mntns web -");
	assert_owner("/" ID, "- - " ID " -");
	assert_owner("/docker/" ID "/docker/1", "- docker " ID " -");
	assert_owner("/mntns-a.slice/crio-" ID ".scope", "crio-" ID ".scope cri-o " ID " -");
	/* One digit less is no id. */
	assert_owner("/docker/0123456789abcdef", "- - - -");
	assert_owner("/system.slice/docker-0.scope", "docker-0.scope - - -");
}

static void pods(void **state)
{
	assert_owner("/kubepods.slice/kubepods-burstable.slice/"
		     "kubepods-burstable-pod0f1e2d3c_0000_4000_8000_0123456789ab.slice/"
		     "cri-containerd-" ID ".scope",
		     "cri-containerd-" ID ".scope containerd " ID
		     " 0f1e2d3c-0000-4000-8000-0123456789ab");
	assert_owner("/kubepods.slice/kubepods-pod0f1e2d3c_0000_4000_8000_0123456789ab.slice/"
		     "crio-" ID ".scope",
		     "crio-" ID ".scope cri-o " ID " 0f1e2d3c-0000-4000-8000-0123456789ab");
	assert_owner("/kubepods/besteffort/pod0f1e2d3c-0000-4000-8000-0123456789ab/" ID,
		     "- kubernetes " ID " 0f1e2d3c-0000-4000-8000-0123456789ab");
	assert_owner("/system.slice/podman.service", "podman.service - - -");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(units),
		cmocka_unit_test(containers),
		cmocka_unit_test(pods),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
