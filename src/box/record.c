// SPDX-License-Identifier: Apache-2.0
/* Records of boxes, as text and back. */
#include "box/record.h"
#include "base/json.h"
#include "base/mem.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#define RECORD_MAX (1 << 20)

static json_t *cgroup_list(const struct strv *cgroups)
{
	json_t *list = json_array();

	for (size_t i = 0; i < cgroups->n; i++) {
		/* It must be found again: no replacement will do. */
		if (json_array_append_new(list, json_string(cgroups->v[i])) < 0) {
			json_decref(list);
			return NULL;
		}
	}
	return list;
}

int record_print(const struct record *record, char **ret, struct err *err)
{
	json_t *cgroups = cgroup_list(&record->cgroups);

	if (!cgroups)
		return err_say(err, EINVAL, "a cgroup's path is not UTF-8: it cannot be recorded");
	json_t *object = json_pack("{s:i, s:i, s:o, s:o, s:o}", "version", 1, "pid", record->pid,
				   "root", json_bytes(record->root ? record->root : ""), "command",
				   json_strv(&record->command), "cgroups", cgroups);
	*ret = json_dumps(object, JSON_COMPACT);
	json_decref(object);
	return 0;
}

static void read_strings(const json_t *list, struct strv *ret)
{
	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *s = json_string_value(json_array_get(list, i));
		if (s)
			strv_add(ret, s);
	}
}

static bool ends_with(const char *s, const char *end)
{
	size_t len = strlen(s), end_len = strlen(end);

	return len > end_len && !strcmp(s + len - end_len, end);
}

static bool read_cgroups(const json_t *list, const char *id, struct strv *ret)
{
	AUTO_FREE char *end = xasprintf("/mntns-%s", id);
	bool valid = json_is_array(list);

	for (size_t i = 0; i < json_array_size(list); i++) {
		const char *path = json_string_value(json_array_get(list, i));
		if (path && ends_with(path, end))
			strv_add(ret, path);
		else
			valid = false;
	}
	return valid;
}

int record_read(int fd, const char *id, struct record *ret)
{
	struct stat st;
	bool fits = fstat(fd, &st) == 0 && st.st_size <= RECORD_MAX;
	json_t *object = fits ? json_loadfd(fd, JSON_REJECT_DUPLICATES, NULL) : NULL;
	const char *root = json_string_value(json_object_get(object, "root"));

	*ret = (struct record){
		.pid = (pid_t)json_integer_value(json_object_get(object, "pid")),
		.root = xstrdup(root ? root : ""),
	};
	read_strings(json_object_get(object, "command"), &ret->command);
	bool valid = read_cgroups(json_object_get(object, "cgroups"), id, &ret->cgroups);
	json_decref(object);
	return valid ? 0 : -EINVAL;
}

void record_done(struct record *record)
{
	free(record->root);
	strv_done(&record->command);
	strv_done(&record->cgroups);
	*record = (struct record){0};
}
