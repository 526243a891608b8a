// SPDX-License-Identifier: Apache-2.0
/*
 * Any text as config.json: it is no JSON, or refused with a sentence, or a spec, which is compiled
 * to ops that pass their check, or is refused with a sentence then. A libFuzzer target;
 * fuzz/replay.c runs it on given files.
 */
#include "base/mem.h"
#include "box/compile.h"
#include "oci/config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool holds)
{
	if (!holds)
		abort();
}

static void compile(struct config *config)
{
	__attribute__((cleanup(box_view_done))) struct box_view view = {0};
	AUTO(err) struct err err = {0};
	struct box_host host = {NULL, config->spec.idmap, config->spec.idmap};

	if (box_compile(&config->spec, &host, &view, &err) < 0)
		require(err.msg && *err.msg);
	else
		require(ops_check(&view.ops, &err) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	AUTO_FREE char *text = xrealloc(NULL, size ? size : 1, 1);
	AUTO(err) struct err err = {0};
	struct config config;
	json_error_t why;

	/* A copy of exactly this length: what is read beyond it is seen. */
	memcpy(text, data, size);
	json_t *json = place_load(text, size, &why);
	if (!json) {
		require(*why.text);
		return 0;
	}
	if (config_parse(json, "/bundle", NULL, &config, &err) < 0) {
		require(err.code > 0 && err.msg && *err.msg);
		return 0;
	}
	compile(&config);
	config_done(&config);
	return 0;
}
