// SPDX-License-Identifier: Apache-2.0
/* Hooks: programs of the host that are told of a container's life, with its state on their stdin.
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

	if (reading->kind == HOOK_CREATE_CONTAINER || reading->kind == HOOK_START_CONTAINER)
		return place_refuse(p, err,
				    "hooks that run inside the container are not supported by "
				    "this runtime yet");
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

_Noreturn static void execute(const struct hook *hook, int state)
{
	char *args[] = {hook->path, NULL}, *env[] = {NULL};
	sigset_t none;

	sys_cloexec_from(STDERR_FILENO + 1);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	if (dup2(state, STDIN_FILENO) >= 0)
		execve(hook->path, hook->args.n ? hook->args.v : args,
		       hook->env.n ? hook->env.v : env);
	_exit(127);
}

static int await(pid_t pid, const struct hook *hook, struct err *err)
{
	AUTO_FD int pidfd = sys_pidfd_open(pid);
	struct pollfd end = {pidfd, POLLIN, 0};
	int status = 0, rc;

	do
		rc = poll(&end, 1,
			  hook->timeout ? (int)(hook->timeout > 2000000 ? 2000000000
									: hook->timeout * 1000)
					: -1);
	while (rc < 0 && errno == EINTR);
	if (rc == 0)
		kill(pid, SIGKILL);
	while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (rc == 0)
		return err_say(err, ETIMEDOUT, "hook %s did not end in %lld s", hook->path,
			       (long long)hook->timeout);
	if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
		return err_say(err, ENOENT, "hook %s could not be executed", hook->path);
	if (status)
		return err_say(err, EIO, "hook %s failed with %s %d", hook->path,
			       WIFSIGNALED(status) ? "signal" : "status",
			       WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status));
	return 0;
}

static int run_one(const struct hook *hook, const char *state, struct err *err)
{
	AUTO_FD int file = state_file(state, err);

	if (file < 0)
		return file;
	pid_t pid = fork();
	if (pid < 0)
		return err_set(err, errno, "hook %s", hook->path);
	if (pid == 0)
		execute(hook, file);
	return await(pid, hook, err);
}

int hooks_run(const struct config *config, enum hook_kind kind, const char *state, struct err *err)
{
	for (size_t i = 0; i < config->n_hooks; i++)
		if (config->hooks[i].kind == kind && run_one(&config->hooks[i], state, err) < 0)
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
