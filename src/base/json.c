// SPDX-License-Identifier: Apache-2.0
/* Bytes as JSON strings. */
#include "base/json.h"

json_t *json_bytes(const char *s)
{
	json_t *value = json_string(s);
	AUTO(buf) struct buf quoted = {0};

	if (value)
		return value;
	for (; *s; s++)
		buf_addf(&quoted, (unsigned char)*s < 0x80 ? "%c" : "\\%03o", (unsigned char)*s);
	return json_string(quoted.data);
}

json_t *json_strv(const struct strv *sv)
{
	json_t *list = json_array();

	for (size_t i = 0; i < sv->n; i++)
		json_array_append_new(list, json_bytes(sv->v[i]));
	return list;
}
