/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What jansson leaves to us: a path is bytes, JSON is UTF-8. Text with a byte that is part of no
 * UTF-8 has all its bytes above 127 as \ooo, as mountinfo and the text form of ops quote them.
 */
#ifndef BASE_JSON_H
#define BASE_JSON_H

#include <jansson.h>
#include <stdio.h>

#include "base/str.h"

json_t *json_bytes(const char *s);
/*
 * UTF-8 text in quotes. What a terminal would take for a command is escaped too, beyond what JSON
 * asks for: somebody will look at it with cat(1).
 */
void json_print_string(const char *s, FILE *out);
/* The text that json_bytes makes of it, or null for "". */
void json_print_bytes(const char *s, FILE *out);
/* An array of them. */
json_t *json_strv(const struct strv *sv);

#endif
