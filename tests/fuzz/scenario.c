// SPDX-License-Identifier: Apache-2.0
/* Any text as a scenario: it is refused with the file and line, or what is read reads the same
 * printed. */
#include "base/mem.h"
#include "scenario/script.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void print(const struct script *script, struct buf *out)
{
	buf_adds(out, "# It.\n");
	for (size_t i = 0; i < script->n; i++) {
		if (script->v[i].is_expect)
			buf_adds(out, script->v[i].text);
		else
			call_print(&script->v[i].call, out);
		buf_addc(out, '\n');
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE char *text = xstrndup((const char *)data, size);
	AUTO(script) struct script script = {0};
	AUTO(script) struct script back = {0};
	AUTO(buf) struct buf once = {0};
	AUTO(buf) struct buf twice = {0};
	AUTO(err) struct err err = {0};

	if (script_parse(&script, "f", text, &err) < 0) {
		require(err.msg && str_starts(err.msg, "f:"));
		return 0;
	}
	print(&script, &once);
	require(script_parse(&back, "f", once.data, &err) == 0);
	require(back.n == script.n);
	print(&back, &twice);
	require(!strcmp(once.data, twice.data));
	return 0;
}
