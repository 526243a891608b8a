/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What jansson leaves to us: a path is bytes, JSON is UTF-8. Text with a byte that is part of no
 * UTF-8 has all its bytes above 127 as \ooo, as mountinfo and the text form of ops quote them.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <jansson.h>

#include "base/str.h"

json_t *json_bytes(const char *s);
/* An array of them. */
json_t *json_strv(const struct strv *sv);

#endif
