// SPDX-License-Identifier: Apache-2.0
/*
 * A fuzz target without libFuzzer: each file given, as it is, and each of its lines cut off at
 * every byte and with each byte changed, so that a corpus tests more than itself.
 */
#include "base/io.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void vary(char *data, size_t size)
{
	static const char changes[] = "\0 \"\\=:h/#\n1\377";
	uint8_t *bytes = (uint8_t *)data;

	for (size_t i = 0; i <= size; i++)
		LLVMFuzzerTestOneInput(bytes, i);
	for (size_t i = 0; i < size; i++) {
		uint8_t was = bytes[i];
		for (size_t k = 0; k < sizeof(changes) - 1; k++) {
			bytes[i] = (uint8_t)changes[k];
			LLVMFuzzerTestOneInput(bytes, size);
		}
		bytes[i] = was;
	}
}

static void replay(const char *text, size_t len)
{
	AUTO(strv) struct strv lines = {0};

	LLVMFuzzerTestOneInput((const uint8_t *)text, len);
	strv_split(&lines, text, '\n');
	for (size_t i = 0; i < lines.n; i++)
		vary(lines.v[i], strlen(lines.v[i]));
}

int main(int argc, char **argv)
{
	printf("1..%d\n", argc - 1);
	for (int i = 1; i < argc; i++) {
		AUTO(buf) struct buf text = {0};
		AUTO(err) struct err err = {0};
		if (io_read_file(AT_FDCWD, argv[i], 1 << 20, &text, &err) < 0) {
			fprintf(stderr, "%s\n", err.msg);
			return 1;
		}
		replay(text.data, text.len);
		printf("ok %d - %s\n", i, argv[i]);
	}
	return argc < 2;
}
