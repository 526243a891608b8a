// SPDX-License-Identifier: Apache-2.0
/* Values that know where they stand. */
#include "oci/place.h"
#include "base/mem.h"

#include <errno.h>
#include <string.h>

struct place place_whole(json_t *v)
{
	return (struct place){.v = v};
}

struct place place_in(const struct place *up, const char *key)
{
	return (struct place){up, key, 0, json_object_get(up->v, key)};
}

bool place_is_there(const struct place *p)
{
	return p->v && !json_is_null(p->v);
}

static void add_path(const struct place *p, struct buf *out)
{
	if (p->up)
		add_path(p->up, out);
	if (p->key)
		buf_addf(out, "%s%s", out->len ? "." : "", p->key);
	else if (p->up)
		buf_addf(out, "[%zu]", p->index);
}

int place_refuse(const struct place *p, struct err *err, const char *fmt, ...)
{
	AUTO(buf) struct buf path = {0};
	AUTO_FREE char *text = NULL;
	va_list args;

	va_start(args, fmt);
	text = xvasprintf(fmt, args);
	va_end(args);
	add_path(p, &path);
	return err_say(err, EINVAL, "%s%s%s", path.len ? path.data : "", path.len ? ": " : "",
		       text);
}

int place_need(const struct place *up, const char *key, struct err *err)
{
	struct place p = place_in(up, key);

	return place_is_there(&p) ? 0 : place_refuse(&p, err, "is missing");
}

int place_is_object(const struct place *p, struct err *err)
{
	return json_is_object(p->v) ? 0 : place_refuse(p, err, "expected an object");
}

int place_object(const struct place *up, const char *key, struct place *ret, struct err *err)
{
	*ret = place_in(up, key);
	if (place_is_there(ret) && !json_is_object(ret->v))
		return place_refuse(ret, err, "expected an object");
	return 0;
}

const char *place_text(const struct place *p, struct err *err)
{
	const char *text = json_string_value(p->v);

	if (!text) {
		place_refuse(p, err, "expected a string");
		return NULL;
	}
	if (strlen(text) != json_string_length(p->v)) {
		place_refuse(p, err, "a string with a NUL character in it is of no use here");
		return NULL;
	}
	return text;
}

int place_str(const struct place *up, const char *key, char **ret, struct err *err)
{
	struct place p = place_in(up, key);

	if (!place_is_there(&p))
		return 0;
	const char *text = place_text(&p, err);
	if (!text)
		return -EINVAL;
	free(*ret);
	*ret = xstrdup(text);
	return 0;
}

int place_bool(const struct place *up, const char *key, bool *ret, struct err *err)
{
	struct place p = place_in(up, key);

	if (!place_is_there(&p))
		return 0;
	if (!json_is_boolean(p.v))
		return place_refuse(&p, err, "expected true or false");
	*ret = json_is_true(p.v);
	return 0;
}

int place_int(const struct place *up, const char *key, int64_t min, int64_t max, int64_t *ret,
	      struct err *err)
{
	struct place p = place_in(up, key);

	if (!place_is_there(&p))
		return 0;
	int64_t value = json_integer_value(p.v);
	if (!json_is_integer(p.v) || value < min || value > max)
		return place_refuse(&p, err, "expected an integer from %lld to %lld",
				    (long long)min, (long long)max);
	*ret = value;
	return 0;
}

int place_u32(const struct place *up, const char *key, uint32_t *ret, struct err *err)
{
	int64_t value = *ret;
	int rc = place_int(up, key, 0, UINT32_MAX, &value, err);

	if (rc == 0)
		*ret = (uint32_t)value;
	return rc;
}

static int add_text(const struct place *p, void *arg, struct err *err)
{
	const char *text = place_text(p, err);

	if (!text)
		return -EINVAL;
	strv_add(arg, text);
	return 0;
}

int place_strv(const struct place *up, const char *key, struct strv *ret, struct err *err)
{
	return place_each(up, key, add_text, ret, err);
}

int place_each(const struct place *up, const char *key, place_visit *visit, void *arg,
	       struct err *err)
{
	struct place array = place_in(up, key);

	if (!place_is_there(&array))
		return 0;
	if (!json_is_array(array.v))
		return place_refuse(&array, err, "expected an array");
	for (size_t i = 0; i < json_array_size(array.v); i++) {
		struct place p = {&array, NULL, i, json_array_get(array.v, i)};
		int rc = visit(&p, arg, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}

int place_members(const struct place *up, const char *key, place_visit *visit, void *arg,
		  struct err *err)
{
	struct place object;
	const char *name;
	json_t *v;
	int rc = place_object(up, key, &object, err);

	if (rc < 0 || !place_is_there(&object))
		return rc;
	json_object_foreach (object.v, name, v) {
		struct place p = {&object, name, 0, v};
		rc = visit(&p, arg, err);
		if (rc < 0)
			return rc;
	}
	return 0;
}
