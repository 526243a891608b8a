// SPDX-License-Identifier: Apache-2.0
/* The process that exec adds: from a file, or the container's own with what else was said. */
#include "base/io.h"
#include "base/mem.h"
#include "box/labels.h"
#include "oci/exec_parts.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

/* "process" from a file of its own. */
static json_t *read_process(const char *path, struct err *err)
{
	AUTO(buf) struct buf text = {0};
	json_error_t why;

	if (io_read_file(AT_FDCWD, path, 16 << 20, &text, err) < 0) {
		err_add(err, "--process");
		return NULL;
	}
	json_t *json = place_load(text.data ? text.data : "", text.len, &why);
	if (!json)
		err_say(err, EINVAL, "--process %s: line %d, column %d: %s", path, why.line,
			why.column, why.text);
	return json;
}

/* "5", "5:7"; names are for the container's own login programs. */
static int set_user(json_t *process, const char *text, struct err *err)
{
	const char *colon = strchr(text, ':');
	AUTO_FREE char *user = xstrndup(text, colon ? (size_t)(colon - text) : strlen(text));
	uint64_t uid, gid = 0;

	if (str_to_u64(user, UINT32_MAX - 1, &uid, err) < 0 ||
	    (colon && str_to_u64(colon + 1, UINT32_MAX - 1, &gid, err) < 0))
		return err_add(err, "--user %s (expected UID or UID:GID)", text);
	json_object_set_new(process, "user",
			    json_pack("{s:I s:I}", "uid", (json_int_t)uid, "gid", (json_int_t)gid));
	return 0;
}

static void append(json_t *process, const char *key, const struct strv *words)
{
	json_t *array = json_object_get(process, key);

	if (!json_is_array(array)) {
		array = json_array();
		json_object_set_new(process, key, array);
	}
	for (size_t i = 0; i < words->n; i++)
		json_array_append_new(array, json_string(words->v[i]));
}

static void add_caps(json_t *process, const struct strv *caps)
{
	static const char *const sets[] = {"bounding", "effective", "permitted", "inheritable",
					   "ambient"};
	json_t *all = json_object_get(process, "capabilities");

	if (!json_is_object(all)) {
		all = json_object();
		json_object_set_new(process, "capabilities", all);
	}
	for (size_t i = 0; caps->n && i < ARRAY_SIZE(sets); i++)
		append(all, sets[i], caps);
}

static int add_groups(json_t *process, const struct strv *groups, struct err *err)
{
	json_t *user = json_object_get(process, "user"), *array = json_array();

	for (size_t i = 0; i < groups->n; i++) {
		uint64_t gid;
		if (str_to_u64(groups->v[i], UINT32_MAX - 1, &gid, err) < 0) {
			json_decref(array);
			return err_add(err, "--additional-gids");
		}
		json_array_append_new(array, json_integer((json_int_t)gid));
	}
	json_object_set_new(user, "additionalGids", array);
	return 0;
}

/* The container's own process, with the program and what else was said. */
static json_t *make_process(const struct args *args, const struct config *config, struct err *err)
{
	json_t *process = json_deep_copy(json_object_get(config->json, "process"));
	json_t *words = json_array();

	for (int i = 1; i < args->n_words; i++)
		json_array_append_new(words, json_string(args->words[i]));
	json_object_set_new(process, "args", words);
	json_object_set_new(process, "terminal", json_boolean(args->tty));
	json_object_del(process, "oomScoreAdj");
	if (args->cwd)
		json_object_set_new(process, "cwd", json_string(args->cwd));
	if (args->no_new_privs)
		json_object_set_new(process, "noNewPrivileges", json_true());
	append(process, "env", &args->env);
	add_caps(process, &args->caps);
	if ((args->user && set_user(process, args->user, err) < 0) ||
	    (args->groups.n && add_groups(process, &args->groups, err) < 0)) {
		json_decref(process);
		return NULL;
	}
	return process;
}

int exec_read_spec(const struct args *args, const struct config *config, struct spec *spec,
		   struct strv *warnings, struct err *err)
{
	json_t *json =
		args->process ? read_process(args->process, err) : make_process(args, config, err);
	struct place place = {.key = "process", .v = json};
	int rc;

	if (!json)
		return -err->code;
	if (args->apparmor)
		json_object_set_new(json, "apparmorProfile", json_string(args->apparmor));
	if (args->label)
		json_object_set_new(json, "selinuxLabel", json_string(args->label));
	rc = json_is_object(json) ? config_process(&place, spec, warnings, err)
				  : place_refuse(&place, err, "expected an object");
	json_decref(json);
	if (rc < 0)
		return rc;
	if (args_preserve_fds(args, &spec->preserve_fds, err) < 0)
		return -err->code;
	/* conmon says it on the command line, and not always in the file. */
	spec->tty |= args->tty;
	config_confine_alike(config->spec.process, spec->process);
	return labels_check(spec, err);
}
