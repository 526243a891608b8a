// SPDX-License-Identifier: Apache-2.0
/* Looking a program up in the PATH of its own environment, inside its own root. */
#include "box/program.h"
#include "base/mem.h"
#include "box/box.h"

#include <errno.h>
#include <fcntl.h>
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

/* Executes the file, or with `env` NULL looks whether that would work: 0. Else the errno. */
static int attempt(const char *path, const struct spec *spec, char **env)
{
	struct stat st;

	if (env)
		execve(path, spec->argv.v, env);
	int failed = env ? errno : 0;
	bool there = (!env || failed == ENOENT || failed == EACCES) && stat(path, &st) == 0;
	if (there && S_ISDIR(st.st_mode))
		return EISDIR;
	if (failed == ENOENT && there)
		return ENOEXEC; /* the file is there: its interpreter is not */
	if (env)
		return failed;
	return !there ? errno : faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) < 0 ? errno : 0;
}

/* Tries one file. A directory that lacks it is passed over, anything else is remembered. */
static void try_file(const char *path, const struct spec *spec, char **env, int *code)
{
	if (!*code)
		return;
	int failed = attempt(path, spec, env);
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
		try_file(file, spec, env, code);
	}
}

static int try_all(const struct spec *spec, char **env)
{
	int code = ENOENT;

	if (strchr(spec->argv.v[0], '/'))
		try_file(spec->argv.v[0], spec, env, &code);
	else
		search_path(spec, env, &code);
	return code;
}

static int refuse(const char *name, int code, int *ret_status, struct err *err)
{
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

int program_find(const struct spec *spec, int *ret_status, struct err *err)
{
	int code = try_all(spec, NULL);

	return code ? refuse(spec->argv.v[0], code, ret_status, err) : 0;
}

int program_execute(const struct spec *spec, const char *home, int *ret_status, struct err *err)
{
	AUTO(strv) struct strv env = strv_copy(&spec->env);
	char *empty[] = {NULL};

	if (home && *home && !find_env(&env, "HOME"))
		strv_addf(&env, "HOME=%s", home);
	return refuse(spec->argv.v[0], try_all(spec, env.v ? env.v : empty), ret_status, err);
}
