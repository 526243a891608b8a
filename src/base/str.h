/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two containers of text. `struct buf` is a growing string, always NUL-terminated
 * once something was added; `struct strv` an array of owned strings, NULL-terminated
 * once something was added (so it can be handed to execve). Both start as {0}.
 */
#ifndef BASE_STR_H
#define BASE_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct buf {
	char *data;
	size_t len, size;
};

void buf_add(struct buf *b, const void *data, size_t len);
void buf_adds(struct buf *b, const char *s);
void buf_addc(struct buf *b, char c);
void buf_addf(struct buf *b, const char *fmt, ...) FORMAT(2, 3);
/* The string (never NULL), owned by the caller; the buffer is empty afterwards. */
char *buf_take(struct buf *b);
void buf_done(struct buf *b);

struct strv {
	char **v;
	size_t n;
};

void strv_add(struct strv *sv, const char *s);
void strv_addf(struct strv *sv, const char *fmt, ...) FORMAT(2, 3);
bool strv_has(const struct strv *sv, const char *s);
/* Splits at each `sep`; empty pieces are kept, an empty string gives no piece. */
void strv_split(struct strv *sv, const char *s, char sep);
struct strv strv_copy(const struct strv *sv);
void strv_done(struct strv *sv);

bool str_starts(const char *s, const char *prefix);
/* One of the names between the slashes of `path`. */
bool str_has_component(const char *path, const char *component);
/* The absolute path without "." and doubled slashes. */
char *str_plain_path(const char *path);
/* Strict: decimal digits only, no sign, no blanks, at most max. */
int str_to_u64(const char *s, uint64_t max, uint64_t *ret, struct err *err);
/* Bytes with an optional suffix k m g t (powers of 1024, either case, optional trailing b). */
int str_to_size(const char *s, uint64_t *ret, struct err *err);
/* Every byte of it is part of UTF-8, as RFC 3629 has it. */
bool str_is_utf8(const char *s);
/*
 * For a terminal: control characters, those of ISO 6429 beyond ASCII too, and bytes that are no
 * UTF-8 are written as \ooo. Returns how many columns a terminal takes for it: one for each
 * character.
 */
size_t buf_add_printable(struct buf *b, const char *s);
/* The same as util-linux writes it for scripts: as \xhh, and so are blanks and backslashes. */
void buf_add_raw(struct buf *b, const char *s);
char *str_printable(const char *s);
/* The same width of text that is printable already. */
size_t str_width(const char *s);

#endif
