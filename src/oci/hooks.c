// SPDX-License-Identifier: Apache-2.0
/*
 * Hooks: programs that are told of a container's life, with its state on their stdin. Those of
 * createContainer are the host's and run in the container's namespaces, while the host's tree is
 * still there; those of startContainer are the container's own, and run with no more power than
 * its program. The others run where the runtime does.
 */
#include "oci/hooks.h"
#include "base/io.h"
#include "base/mem.h"
#include "sys/calls.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>

static const char *const names[HOOK_MAX] = {
	[HOOK_PRESTART] = "prestart",
	[HOOK_CREATE_RUNTIME] = "createRuntime",
	[HOOK_CREATE_CONTAINER] = "createContainer",
	[HOOK_START_CONTAINER] = "startContainer",
	[HOOK_POSTSTART] = "poststart",
	[HOOK_POSTSTOP] = "poststop",
};

struct reading {
	struct config *config;
	enum hook_kind kind;
};

static int read_hook(const struct place *p, void *arg, struct err *err)
{
	struct reading *reading = arg;
	struct place path = place_in(p, "path");
	struct hook *hook = VEC_PUSH(reading->config->hooks, reading->config->n_hooks,
				     (struct hook){.kind = reading->kind});

	if (place_is_object(p, err) < 0 || place_need(p, "path", err) < 0 ||
	    place_str(p, "path", &hook->path, err) < 0 ||
	    place_strv(p, "args", &hook->args, err) < 0 ||
	    place_strv(p, "env", &hook->env, err) < 0 ||
	    place_int(p, "timeout", 1, INT32_MAX, &hook->timeout, err) < 0)
		return -EINVAL;
	return *hook->path == '/' ? 0 : place_refuse(&path, err, "expected an absolute path");
}

int config_hooks(const struct place *top, struct config *config, struct err *err)
{
	struct place hooks;

	if (place_object(top, "hooks", &hooks, err) < 0)
		return -EINVAL;
	for (size_t i = 0; i < HOOK_MAX; i++) {
		struct reading reading = {config, (enum hook_kind)i};
		if (place_each(&hooks, names[i], read_hook, &reading, err) < 0)
			return -EINVAL;
	}
	config->spec.late_root = hooks_has(config, HOOK_CREATE_CONTAINER);
	return 0;
}

/* The state as a file: a hook that does not read it cannot block us. */
static int state_file(const char *state, struct err *err)
{
	AUTO_FD int fd = memfd_create("state", MFD_CLOEXEC);

	if (fd < 0 || io_write_all(fd, state, strlen(state)) < 0 || lseek(fd, 0, SEEK_SET) < 0)
		return err_set(err, errno, "the state for a hook");
	return TAKE_FD(fd);
}

/* A bundle that cannot be reached from in there is no reason to fail: nothing says where to be. */
static int go_to(int root, const char *dir)
{
	if (fchdir(root) < 0 || chroot(".") < 0)
		return -errno;
	(void)!chdir(dir);
	return 0;
}

_Noreturn static void execute(const struct hook *hook, pid_t parent, const char *bundle, int state,
			      int root)
{
	char *args[] = {hook->path, NULL}, *env[] = {NULL};
	sigset_t none;

	/* Of no use without who waits for it. Not inside, where the filter may kill for the call.
	 */
	if (hook->kind != HOOK_START_CONTAINER) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(127);
	}
	sys_cloexec_from(STDERR_FILENO + 1);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	umask(022);
	if (dup2(state, STDIN_FILENO) >= 0 && (root < 0 || go_to(root, bundle) == 0))
		execve(hook->path, hook->args.n ? hook->args.v : args,
		       hook->env.n ? hook->env.v : env);
	_exit(127);
}

/* -ETIMEDOUT: its time is over; another -errno: its end cannot be known. The container's own filter
 * may deny pidfd_open(2): then by looking. */
static int await_end(pid_t pid, int64_t seconds, int *status)
{
	AUTO_FD int pidfd = sys_pidfd_open(pid);
	struct pollfd end = {pidfd, POLLIN, 0};
	int64_t left = seconds ? seconds * 1000 : INT64_MAX;
	pid_t ended;

	while ((ended = waitpid(pid, status, WNOHANG)) == 0) {
		int step = pidfd < 0 ? 10 : left > 60000 ? 60000 : (int)left;
		if (left <= 0)
			return -ETIMEDOUT;
		if (poll(&end, 1, step) == 0)
			left -= step;
	}
	return ended < 0 ? -errno : 0;
}

static int await(pid_t pid, const struct hook *hook, struct err *err)
{
	int status = 0, rc = await_end(pid, hook->timeout, &status);

	if (rc < 0) {
		kill(pid, SIGKILL);
		while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
			;
		return rc == -ETIMEDOUT ? err_say(err, ETIMEDOUT, "hook %s did not end in %lld s",
						  hook->path, (long long)hook->timeout)
					: err_set(err, -rc, "wait for the hook %s", hook->path);
	}
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return err_say(err, ENOENT, "hook %s could not be executed", hook->path);
	if (status)
		return err_say(err, EIO, "hook %s failed with %s %d", hook->path,
			       WIFSIGNALED(status) ? "signal" : "status",
			       WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	return 0;
}

static int run_one(const struct config *config, const struct hook *hook, const char *state,
		   int root, struct err *err)
{
	AUTO_FD int file = state_file(state, err);

	if (file < 0)
		return file;
	pid_t own = getpid(), pid = fork();
	if (pid < 0)
		return err_set(err, errno, "hook %s", hook->path);
	if (pid == 0)
		execute(hook, own, config->bundle, file, root);
	return await(pid, hook, err);
}

int hooks_run(const struct config *config, enum hook_kind kind, const char *state, int root,
	      struct err *err)
{
	for (size_t i = 0; i < config->n_hooks; i++)
		if (config->hooks[i].kind == kind &&
		    run_one(config, &config->hooks[i], state, root, err) < 0)
			return err_add(err, "%s", names[kind]);
	return 0;
}

bool hooks_has(const struct config *config, enum hook_kind kind)
{
	for (size_t i = 0; i < config->n_hooks; i++)
		if (config->hooks[i].kind == kind)
			return true;
	return false;
}
