// SPDX-License-Identifier: Apache-2.0
/* Looking a program up in the PATH of its own environment, inside its own root. */
#include "box/program.h"
#include "base/mem.h"
#include "box/box.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

static const char *find_env(const struct strv *env, const char *name)
{
	size_t len = strlen(name);

	for (size_t i = 0; i < env->n; i++)
		if (!strncmp(env->v[i], name, len) && env->v[i][len] == '=')
			return env->v[i] + len + 1;
	return NULL;
}

/* Tries one file. A directory that lacks it is passed over, anything else is remembered. */
static void try_execute(const char *path, const struct spec *spec, char **env, int *code)
{
	struct stat st;

	execve(path, spec->argv.v, env);
	int failed = errno;
	if (failed == ENOENT && stat(path, &st) == 0)
		failed = ENOEXEC; /* the file is there: its interpreter is not */
	if (failed == EACCES && stat(path, &st) == 0 && S_ISDIR(st.st_mode))
		failed = EISDIR;
	if (failed != ENOENT && failed != ENOTDIR)
		*code = failed;
}

static void search_path(const struct spec *spec, char **env, int *code)
{
	const char *path = find_env(&spec->env, "PATH");
	AUTO(strv) struct strv dirs = {0};

	strv_split(&dirs, path ? path : "/usr/local/bin:/usr/bin:/bin", ':');
	for (size_t i = 0; i < dirs.n; i++) {
		AUTO_FREE char *file =
			xasprintf("%s/%s", *dirs.v[i] ? dirs.v[i] : ".", spec->argv.v[0]);
		try_execute(file, spec, env, code);
	}
}

int program_execute(const struct spec *spec, const char *home, int *ret_status, struct err *err)
{
	AUTO(strv) struct strv env = strv_copy(&spec->env);
	const char *name = spec->argv.v[0];
	int code = ENOENT;

	if (home && *home && !find_env(&env, "HOME"))
		strv_addf(&env, "HOME=%s", home);
	char *empty[] = {NULL};
	char **envp = env.v ? env.v : empty;
	if (strchr(name, '/'))
		try_execute(name, spec, envp, &code);
	else
		search_path(spec, envp, &code);

	*ret_status = code == ENOENT ? BOX_EXIT_NOT_FOUND : BOX_EXIT_NOT_EXECUTABLE;
	if (code == ENOENT)
		return err_say(err, ENOENT, "command '%s' not found in the box%s", name,
			       strchr(name, '/') ? "" : "'s PATH");
	if (code == ENOEXEC)
		return err_say(
			err, ENOEXEC,
			"command '%s' cannot be executed: no program for this machine, or its "
			"interpreter (the dynamic linker, or the one after #!) is not in the box",
			name);
	return err_set(err, code, "command '%s' cannot be executed", name);
}
