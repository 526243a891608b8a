// SPDX-License-Identifier: Apache-2.0
/* Which devices a container may use: files in v1, a BPF program in v2. */
#include "base/io.h"
#include "base/mem.h"
#include "oci/cgroups.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <linux/bpf.h>

/* What every container has, whatever the rules say: behind them. */
static const struct device_rule usual[] = {
	{true, 'c', -1, -1, "m"},    {true, 'b', -1, -1, "m"}, {true, 'c', 1, 3, "rwm"},
	{true, 'c', 1, 5, "rwm"},    {true, 'c', 1, 7, "rwm"}, {true, 'c', 1, 8, "rwm"},
	{true, 'c', 1, 9, "rwm"},    {true, 'c', 5, 0, "rwm"}, {true, 'c', 5, 2, "rwm"},
	{true, 'c', 136, -1, "rwm"},
};

static void add_number(struct buf *out, int64_t number)
{
	if (number < 0)
		buf_addc(out, '*');
	else
		buf_addf(out, "%lld", (long long)number);
}

/* devices.deny and devices.allow, opened once they are needed; a rule is a write of its own. */
struct v1 {
	const char *dir;
	int fds[2];
};

static int open_v1(struct v1 *v1, bool allow, struct err *err)
{
	AUTO_FREE char *path = xasprintf("%s/devices.%s", v1->dir, allow ? "allow" : "deny");

	if (v1->fds[allow] < 0)
		v1->fds[allow] = open(path, O_WRONLY | O_CLOEXEC);
	return v1->fds[allow] < 0 ? err_set(err, errno, "open %s", path) : 0;
}

static int write_v1(struct v1 *v1, const struct device_rule *rule, struct err *err)
{
	AUTO(buf) struct buf text = {0};

	buf_addc(&text, rule->type);
	if (rule->type != 'a') {
		buf_addc(&text, ' ');
		add_number(&text, rule->major);
		buf_addc(&text, ':');
		add_number(&text, rule->minor);
		buf_addf(&text, " %s", rule->access);
	}
	if (open_v1(v1, rule->allow, err) < 0)
		return err_add(err, "linux.resources.devices");
	if (write(v1->fds[rule->allow], text.data, text.len) < 0)
		return err_set(err, errno, "linux.resources.devices: write '%s' in %s", text.data,
			       v1->dir);
	return 0;
}

/* "a" is all in v1: a rule for both kinds with numbers is two. */
static int write_rule(struct v1 *v1, const struct device_rule *rule, struct err *err)
{
	struct device_rule each = *rule;
	bool all = rule->type == 'a' && rule->major < 0 && rule->minor < 0 &&
		   strlen(rule->access) == 3;

	if (rule->type != 'a' || all)
		return write_v1(v1, rule, err);
	each.type = 'b';
	if (write_v1(v1, &each, err) < 0)
		return -err->code;
	each.type = 'c';
	return write_v1(v1, &each, err);
}

static int apply_v1(const char *dir, const struct resources *r, struct err *err)
{
	struct v1 v1 = {dir, {-1, -1}};
	int rc = 0;

	for (size_t i = 0; i < r->n_rules && rc == 0; i++)
		rc = write_rule(&v1, &r->rules[i], err);
	for (size_t i = 0; i < ARRAY_SIZE(usual) && rc == 0; i++)
		rc = write_rule(&v1, &usual[i], err);
	auto_close(&v1.fds[0]);
	auto_close(&v1.fds[1]);
	return rc;
}

/* --- v2: rules from the last to the first, the first that fits decides --- */

#define RULES_MAX 512
#define PER_RULE  8

struct program {
	struct bpf_insn v[RULES_MAX * PER_RULE + 16];
	int n;
};

static void emit(struct program *p, uint8_t code, int dst, int src, int16_t off, int32_t imm)
{
	p->v[p->n++] = (struct bpf_insn){.code = code,
					 .dst_reg = (uint8_t)(dst & 15),
					 .src_reg = (uint8_t)(src & 15),
					 .off = off,
					 .imm = imm};
}

static int32_t access_bits(const char *access)
{
	return (strchr(access, 'm') ? BPF_DEVCG_ACC_MKNOD : 0) |
	       (strchr(access, 'r') ? BPF_DEVCG_ACC_READ : 0) |
	       (strchr(access, 'w') ? BPF_DEVCG_ACC_WRITE : 0);
}

/*
 * r2: type, r3: access, r4: major, r5: minor. To be allowed, all that is wanted must be in the
 * rule; to be denied, some of it.
 */
static void emit_rule(struct program *p, const struct device_rule *rule)
{
	int at[4], n = 0;
	int32_t bits = access_bits(rule->access);

	if (rule->type != 'a') {
		at[n++] = p->n;
		emit(p, BPF_JMP | BPF_JNE | BPF_K, 2, 0, 0,
		     rule->type == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR);
	}
	if (bits != 7) {
		emit(p, BPF_ALU | BPF_MOV | BPF_X, 1, 3, 0, 0);
		emit(p, BPF_ALU | BPF_AND | BPF_K, 1, 0, 0, rule->allow ? ~bits & 7 : bits);
		at[n++] = p->n;
		emit(p, BPF_JMP | (rule->allow ? BPF_JNE : BPF_JEQ) | BPF_K, 1, 0, 0, 0);
	}
	if (rule->major >= 0) {
		at[n++] = p->n;
		emit(p, BPF_JMP | BPF_JNE | BPF_K, 4, 0, 0, (int32_t)rule->major);
	}
	if (rule->minor >= 0) {
		at[n++] = p->n;
		emit(p, BPF_JMP | BPF_JNE | BPF_K, 5, 0, 0, (int32_t)rule->minor);
	}
	emit(p, BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, rule->allow);
	emit(p, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
	for (int i = 0; i < n; i++)
		p->v[at[i]].off = (int16_t)(p->n - at[i] - 1);
}

static bool catches_all(const struct device_rule *rule)
{
	return rule->type == 'a' && rule->major < 0 && rule->minor < 0 &&
	       strchr(rule->access, 'r') && strchr(rule->access, 'w') && strchr(rule->access, 'm');
}

static void emit_all(struct program *p, const struct resources *r)
{
	const uint8_t load = BPF_LDX | BPF_MEM | BPF_W;

	emit(p, load, 2, 1, 0, 0);
	emit(p, BPF_ALU | BPF_MOV | BPF_X, 3, 2, 0, 0);
	emit(p, BPF_ALU | BPF_AND | BPF_K, 2, 0, 0, 0xffff);
	emit(p, BPF_ALU | BPF_RSH | BPF_K, 3, 0, 0, 16);
	emit(p, load, 4, 1, 4, 0);
	emit(p, load, 5, 1, 8, 0);
	for (size_t i = ARRAY_SIZE(usual); i > 0; i--)
		emit_rule(p, &usual[i - 1]);
	for (size_t i = r->n_rules; i > 0; i--) {
		emit_rule(p, &r->rules[i - 1]);
		/* The kernel refuses a program with code that nothing reaches. */
		if (catches_all(&r->rules[i - 1]))
			return;
	}
	/* Without a rule about it nothing was asked for. */
	emit(p, BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, 1);
	emit(p, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

static int bpf(int command, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, command, attr, sizeof(*attr));
}

/* Programs of before, so that an update replaces and does not add. */
static void detach_all(int dir)
{
	uint32_t ids[16];
	union bpf_attr query = {.query = {.target_fd = (uint32_t)dir,
					  .attach_type = BPF_CGROUP_DEVICE,
					  .prog_cnt = ARRAY_SIZE(ids),
					  .prog_ids = (uint64_t)(uintptr_t)ids}};

	if (bpf(BPF_PROG_QUERY, &query) < 0)
		return;
	for (uint32_t i = 0; i < query.query.prog_cnt; i++) {
		union bpf_attr get = {.prog_id = ids[i]};
		AUTO_FD int fd = bpf(BPF_PROG_GET_FD_BY_ID, &get);
		union bpf_attr detach = {.target_fd = (uint32_t)dir,
					 .attach_bpf_fd = (uint32_t)fd,
					 .attach_type = BPF_CGROUP_DEVICE};
		if (fd >= 0)
			bpf(BPF_PROG_DETACH, &detach);
	}
}

static int apply_v2(const char *path, const struct resources *r, struct err *err)
{
	AUTO_FREE struct program *p = xcalloc(1, sizeof(*p));
	AUTO_FD int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	AUTO_FD int fd = -1;

	if (r->n_rules > RULES_MAX - ARRAY_SIZE(usual))
		return err_say(err, E2BIG, "linux.resources.devices: more than %zu rules",
			       RULES_MAX - ARRAY_SIZE(usual));
	emit_all(p, r);
	union bpf_attr load = {.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE,
			       .insns = (uint64_t)(uintptr_t)p->v,
			       .insn_cnt = (uint32_t)p->n,
			       .license = (uint64_t)(uintptr_t) "Apache-2.0"};
	fd = dir < 0 ? -1 : bpf(BPF_PROG_LOAD, &load);
	if (fd < 0)
		return err_set(err, errno, "linux.resources.devices: load a BPF program for %s",
			       path);
	detach_all(dir);
	union bpf_attr attach = {.target_fd = (uint32_t)dir,
				 .attach_bpf_fd = (uint32_t)fd,
				 .attach_type = BPF_CGROUP_DEVICE,
				 .attach_flags = BPF_F_ALLOW_MULTI};
	if (bpf(BPF_PROG_ATTACH, &attach) < 0)
		return err_set(err, errno, "linux.resources.devices: attach a BPF program to %s",
			       path);
	return 0;
}

int cgroup_devices_apply(const struct hierarchy *h, const struct resources *r, struct err *err)
{
	return h->v2 ? apply_v2(h->dir, r, err) : apply_v1(h->dir, r, err);
}
