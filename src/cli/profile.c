// SPDX-License-Identifier: Apache-2.0
/* A profile file: a JSON object whose keys are option names, applied through the same rows. */
#include "base/mem.h"
#include "cli/run.h"
#include "cli/text.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>

#define PROFILE_MAX (4 << 20)

static int apply_flag(struct run_args *args, const struct option *o, const json_t *value,
		      struct err *err)
{
	if (!json_is_boolean(value))
		return err_say(err, EINVAL, "expected true or false");
	if (json_is_true(value))
		return option_apply(o, args, "", err);
	/* False is the default of a flag that cannot be negated. */
	return o->flags & OPTION_NEGATABLE ? option_apply(o, args, NULL, err) : 0;
}

static int apply_value(struct run_args *args, const struct option *o, const json_t *value,
		       struct err *err)
{
	AUTO_FREE char *number = NULL;

	if (json_is_integer(value))
		number = xasprintf("%lld", (long long)json_integer_value(value));
	else if (json_is_real(value))
		number = xasprintf("%.6f", json_real_value(value));
	else if (!json_is_string(value))
		return err_say(err, EINVAL, "expected a string or a number%s",
			       o->flags & OPTION_REPEATS ? ", or an array of them" : "");
	return option_apply(o, args, number ? number : json_string_value(value), err);
}

static int apply_option(struct run_args *args, const char *key, const json_t *value,
			struct err *err)
{
	const struct option *o = option_find(run_options, key, strlen(key));

	if (o && !strcmp(o->name, "file"))
		return err_say(err, EINVAL, "a profile cannot include another one");
	if (o && o->flags & OPTION_NO_PROFILE)
		return err_say(err, EINVAL, "belongs on the command line, not in a profile");
	if (!o)
		return err_say(err, EINVAL,
			       "unknown key; expected root, command, or the long name of an option "
			       "of run without the dashes");
	if (!o->arg)
		return apply_flag(args, o, value, err);
	if (!json_is_array(value))
		return apply_value(args, o, value, err);
	if (!(o->flags & OPTION_REPEATS))
		return err_say(err, EINVAL, "has one value: expected a string, not an array");
	for (size_t i = 0; i < json_array_size(value); i++)
		if (apply_value(args, o, json_array_get(value, i), err) < 0)
			return -err->code;
	return 0;
}

static int apply_command(struct run_args *args, const json_t *value, struct err *err)
{
	if (!json_is_array(value))
		return err_say(err, EINVAL, "expected an array of strings");
	for (size_t i = 0; i < json_array_size(value); i++) {
		const json_t *word = json_array_get(value, i);
		if (!json_is_string(word))
			return err_say(err, EINVAL, "expected an array of strings");
		strv_add(&args->spec.argv, json_string_value(word));
	}
	return 0;
}

static int apply_key(struct run_args *args, const char *key, const json_t *value, struct err *err)
{
	if (!strcmp(key, "command"))
		return apply_command(args, value, err);
	if (strcmp(key, "root") != 0)
		return apply_option(args, key, value, err);
	if (!json_is_string(value))
		return err_say(err, EINVAL, "expected a string");
	return run_absolute(json_string_value(value), &args->spec.root, err);
}

int profile_apply_text(struct run_args *args, const char *file, const char *text, struct err *err)
{
	json_error_t where;
	const char *key;
	json_t *value, *root = json_loads(text, JSON_REJECT_DUPLICATES, &where);
	int rc = 0;

	if (!root)
		return err_say(err, EINVAL, "%s:%d:%d: %s", file, where.line, where.column,
			       where.text);
	if (!json_is_object(root))
		rc = err_say(err, EINVAL, "%s: expected a JSON object: { ... }", file);
	/* An iterator of what is no object is NULL. */
	json_object_foreach (root, key, value)
		if (rc >= 0 && apply_key(args, key, value, err) < 0)
			rc = err_add(err, "%s: \"%s\"", file, key);
	json_decref(root);
	return rc < 0 ? rc : 0;
}

int profile_apply(struct run_args *args, const char *file, struct err *err)
{
	AUTO(buf) struct buf text = {0};

	if (args->in_profile)
		return err_say(err, EINVAL, "only one profile can be given");
	args->in_profile = true;
	if (text_read(file, PROFILE_MAX, &text, err) < 0)
		return -err->code;
	return profile_apply_text(args, file, text.data, err);
}
