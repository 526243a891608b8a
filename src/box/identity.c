// SPDX-License-Identifier: Apache-2.0
/* The user and groups of the program, see passwd(5) and group(5). */
#include "box/identity.h"
#include "base/io.h"
#include "base/mem.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#define DATABASE_MAX (1 << 20)

/* The box's file as lines of fields; a missing or unusable file is an empty one. */
static void read_lines(const char *path, struct strv *ret)
{
	AUTO(buf) struct buf file = {0};
	struct stat st;

	if (stat(path, &st) < 0 || !S_ISREG(st.st_mode))
		return;
	if (io_read_file(AT_FDCWD, path, DATABASE_MAX, &file, NULL) == 0)
		strv_split(ret, file.data, '\n');
}

/* The line whose field `column` is `key`; its fields. */
static bool find_line(const struct strv *lines, size_t column, const char *key, size_t min_fields,
		      struct strv *ret)
{
	for (size_t i = 0; i < lines->n; i++) {
		struct strv field = {0};
		strv_split(&field, lines->v[i], ':');
		if (field.n >= min_fields && !strcmp(field.v[column], key)) {
			*ret = field;
			return true;
		}
		strv_done(&field);
	}
	return false;
}

static int parse_id(const char *text, const char *what, uint32_t *ret, struct err *err)
{
	uint64_t id;

	if (str_to_u64(text, UINT32_MAX - 1, &id, err) < 0)
		return err_add(err, "%s", what);
	*ret = (uint32_t)id;
	return 0;
}

static bool is_number(const char *s)
{
	return *s && strspn(s, "0123456789") == strlen(s);
}

static int find_group(const char *group, gid_t *ret, struct err *err)
{
	AUTO(strv) struct strv lines = {0};
	AUTO(strv) struct strv field = {0};

	if (is_number(group))
		return parse_id(group, "--user: group", ret, err);
	read_lines("/etc/group", &lines);
	if (!find_line(&lines, 0, group, 3, &field))
		return err_say(err, ENOENT,
			       "--user: there is no group '%s' in the box's /etc/group", group);
	return parse_id(field.v[2], "/etc/group of the box", ret, err);
}

/* The primary group, and those that list the user as a member. */
static void find_groups(const char *user, struct identity *id)
{
	AUTO(strv) struct strv lines = {0};

	/* The primary group is one of them: permissions can be denied to a group's members. */
	VEC_PUSH(id->groups, id->n_groups, id->gid);
	read_lines("/etc/group", &lines);
	for (size_t i = 0; i < lines.n; i++) {
		AUTO(strv) struct strv field = {0};
		AUTO(strv) struct strv members = {0};
		uint64_t gid;
		strv_split(&field, lines.v[i], ':');
		if (field.n < 4)
			continue;
		strv_split(&members, field.v[3], ',');
		if (strv_has(&members, user) &&
		    str_to_u64(field.v[2], UINT32_MAX - 1, &gid, NULL) == 0 && gid != id->gid)
			VEC_PUSH(id->groups, id->n_groups, (gid_t)gid);
	}
}

/* The user's entry, *ret_name as it is called there; a number needs none. */
static int find_user(const char *user, struct identity *id, char **ret_name, struct err *err)
{
	AUTO(strv) struct strv lines = {0};
	AUTO(strv) struct strv field = {0};
	bool number = is_number(user);

	read_lines("/etc/passwd", &lines);
	if (find_line(&lines, number ? 2 : 0, user, 6, &field)) {
		*ret_name = xstrdup(field.v[0]);
		id->home = xstrdup(field.v[5]);
		if (parse_id(field.v[2], "/etc/passwd of the box", &id->uid, err) < 0)
			return -err->code;
		return parse_id(field.v[3], "/etc/passwd of the box", &id->gid, err);
	}
	if (!number)
		return err_say(err, ENOENT,
			       "--user: there is no user '%s' in the box's /etc/passwd", user);
	return parse_id(user, "--user", &id->uid, err);
}

int identity_find(const struct spec *spec, struct identity *ret, struct err *err)
{
	const char *text = spec->user ? spec->user : "0";
	const char *colon = strchr(text, ':');
	AUTO_FREE char *user = colon ? xstrndup(text, (size_t)(colon - text)) : xstrdup(text);
	AUTO_FREE char *name = NULL;
	struct identity id = {0};
	int rc = find_user(user, &id, &name, err);

	if (rc == 0 && colon)
		rc = find_group(colon + 1, &id.gid, err);
	if (rc == 0)
		find_groups(name ? name : "", &id);
	if (rc < 0) {
		identity_done(&id);
		return rc;
	}
	*ret = id;
	return 0;
}

void identity_done(struct identity *id)
{
	free(id->groups);
	free(id->home);
	*id = (struct identity){0};
}
