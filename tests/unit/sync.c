// SPDX-License-Identifier: Apache-2.0
/* The messages of a birth, as one who wants to do harm would write them. */
#include "unit.h"

#include "base/io.h"
#include "box/birth.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdlib.h>
#include <sys/socket.h>

enum {
	HEAD = offsetof(struct sync_message, text),
	MANY = 20000,
};

struct wire {
	int ours, theirs;
};

static int set_up(void **state)
{
	static struct wire wire;
	struct err err = {0};

	*state = &wire;
	return sync_pair(&wire.ours, &wire.theirs, &err);
}

static int tear_down(void **state)
{
	struct wire *wire = *state;

	close(wire->ours);
	return wire->theirs >= 0 ? close(wire->theirs) : 0;
}

static int count_descriptors(void)
{
	DIR *dir = opendir("/proc/self/fd");
	int n = 0;

	assert_non_null(dir);
	while (readdir(dir))
		n++;
	closedir(dir);
	return n;
}

/* `n` descriptors at once, in a packet of any bytes. */
static void send_raw(int fd, const void *bytes, size_t length, size_t n)
{
	struct iovec part = {(void *)bytes, length};
	union {
		char data[CMSG_SPACE(16 * sizeof(int))];
		struct cmsghdr align;
	} control = {{0}};
	struct msghdr header = {.msg_iov = &part, .msg_iovlen = 1};

	if (n) {
		header.msg_control = &control;
		header.msg_controllen = CMSG_SPACE(n * sizeof(int));
		struct cmsghdr *c = CMSG_FIRSTHDR(&header);
		c->cmsg_level = SOL_SOCKET;
		c->cmsg_type = SCM_RIGHTS;
		c->cmsg_len = CMSG_LEN(n * sizeof(int));
		for (size_t i = 0; i < n; i++)
			memcpy(CMSG_DATA(c) + i * sizeof(int), &fd, sizeof(int));
	}
	assert_int_equal(sendmsg(fd, &header, MSG_NOSIGNAL), length);
}

static void test_there_and_back(void **state)
{
	struct wire *wire = *state;
	struct sync_message sent = {SYNC_FAILED, 7, ENOENT, ""}, message;
	int fd;

	for (size_t length = 0; length < sizeof(sent.text); length++) {
		memset(sent.text, 'x', length);
		sent.text[length] = 0;
		assert_int_equal(sync_send(wire->theirs, &sent, -1), 0);
		assert_int_equal(sync_receive(wire->ours, &message, &fd), 1);
		assert_int_equal(message.kind, SYNC_FAILED);
		assert_int_equal(message.status, 7);
		assert_int_equal(message.code, ENOENT);
		assert_string_equal(message.text, sent.text);
		assert_int_equal(fd, -1);
	}
}

static void test_a_descriptor(void **state)
{
	struct wire *wire = *state;
	struct sync_message message;
	int fd, before = count_descriptors();

	assert_int_equal(sync_send(wire->theirs, &(struct sync_message){0}, wire->theirs), 0);
	assert_int_equal(sync_receive(wire->ours, &message, &fd), 1);
	assert_true(fd >= 0 && fcntl(fd, F_GETFD) == FD_CLOEXEC);
	close(fd);
	assert_int_equal(sync_send(wire->theirs, &(struct sync_message){0}, wire->theirs), 0);
	assert_int_equal(sync_receive(wire->ours, &message, NULL), 1);
	assert_int_equal(count_descriptors(), before);
}

static void test_descriptors_that_come_unasked(void **state)
{
	struct wire *wire = *state;
	struct sync_message message = {0};
	int before = count_descriptors();

	for (size_t n = 2; n <= 16; n++) {
		int fd = 0;
		send_raw(wire->theirs, &message, HEAD + 1, n);
		assert_int_equal(sync_receive(wire->ours, &message, &fd), -EPROTO);
		assert_int_equal(fd, -1);
		send_raw(wire->theirs, &message, HEAD + 1, n);
		assert_int_equal(sync_receive(wire->ours, &message, NULL), -EPROTO);
	}
	for (size_t length = 0; length <= HEAD; length++) {
		int fd = 0;
		send_raw(wire->theirs, &message, length, 1);
		assert_int_equal(sync_receive(wire->ours, &message, &fd), -EPROTO);
		assert_int_equal(fd, -1);
	}
	assert_int_equal(count_descriptors(), before);
}

static void test_lengths(void **state)
{
	struct wire *wire = *state;
	static char bytes[3 * sizeof(struct sync_message)];
	struct sync_message message;

	for (size_t length = 0; length < sizeof(bytes); length++) {
		send_raw(wire->theirs, bytes, length, 0);
		/* The first byte of the text ends it: only that one is whole. */
		assert_int_equal(sync_receive(wire->ours, &message, NULL),
				 length == HEAD + 1 ? 1 : -EPROTO);
	}
	memset(bytes, 'x', sizeof(bytes));
	memset(bytes, 0, HEAD);
	for (size_t length = HEAD; length < sizeof(bytes); length++) {
		send_raw(wire->theirs, bytes, length, 0);
		assert_int_equal(sync_receive(wire->ours, &message, NULL), -EPROTO);
		assert_int_equal(message.text[0], 0);
	}
}

static void test_kinds(void **state)
{
	struct wire *wire = *state;
	struct sync_message message;
	const int unknown[] = {SYNC_LISTENER + 1, 255, -1, INT32_MIN, INT32_MAX};

	for (size_t i = 0; i < ARRAY_SIZE(unknown); i++) {
		message = (struct sync_message){.kind = (enum sync_kind)unknown[i]};
		assert_int_equal(sync_send(wire->theirs, &message, -1), 0);
		assert_int_equal(sync_receive(wire->ours, &message, NULL), -EPROTO);
	}
}

/* A packet of no bytes must not pass for the end, which says that the program runs. */
static void test_the_end(void **state)
{
	struct wire *wire = *state;
	struct sync_message message;

	send_raw(wire->theirs, "", 0, 0);
	assert_int_equal(sync_receive(wire->ours, &message, NULL), -EPROTO);
	close(TAKE_FD(wire->theirs));
	assert_int_equal(sync_receive(wire->ours, &message, NULL), 0);
}

/* Whatever comes: a message whose text ends, or EPROTO; and no descriptor stays. */
static void test_noise(void **state)
{
	struct wire *wire = *state;
	static char bytes[sizeof(struct sync_message) + 64];
	int before = count_descriptors(), whole = 0;

	srandom(1);
	for (int i = 0; i < MANY; i++) {
		struct sync_message message;
		size_t length = (size_t)random() % (random() % 4 ? HEAD + 8 : sizeof(bytes) + 1);
		int fd = -1;

		for (size_t at = 0; at < length; at++)
			bytes[at] = (char)random();
		if (random() % 2)
			memset(bytes, 0, HEAD);
		if (length && random() % 2)
			bytes[length - 1] = 0;
		send_raw(wire->theirs, bytes, length, (size_t)random() % 5);
		int rc = sync_receive(wire->ours, &message, random() % 2 ? &fd : NULL);
		assert_true(rc == 1 || (rc == -EPROTO && fd < 0));
		assert_non_null(memchr(message.text, 0, sizeof(message.text)));
		assert_in_range(message.kind, SYNC_GO, SYNC_LISTENER);
		whole += rc == 1;
		auto_close(&fd);
	}
	assert_in_range(whole, 100, MANY - 100);
	assert_int_equal(count_descriptors(), before);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_there_and_back, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_a_descriptor, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_descriptors_that_come_unasked, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(test_lengths, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_kinds, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_the_end, set_up, tear_down),
		cmocka_unit_test_setup_teardown(test_noise, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
