// SPDX-License-Identifier: Apache-2.0
/*
 * Device rules for v2: a BPF program, with the rules from the last to the first, of which the first
 * that fits decides.
 */
#include "base/mem.h"
#include "oci/cgroup_devices.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <linux/bpf.h>

#define RULES_MAX    512
#define PER_RULE     8
#define PROGRAMS_MAX 64 /* BPF_CGROUP_MAX_PROGS of the kernel, which takes no more */

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

/* Registers; that of the context is free once it is read. */
enum {
	VERDICT = BPF_REG_0,
	CONTEXT = BPF_REG_1,
	TYPE,
	ACCESS,
	MAJOR,
	MINOR,
};

#define ACCESS_ALL (BPF_DEVCG_ACC_MKNOD | BPF_DEVCG_ACC_READ | BPF_DEVCG_ACC_WRITE)

static int32_t access_bits(const char *access)
{
	return (strchr(access, 'm') ? BPF_DEVCG_ACC_MKNOD : 0) |
	       (strchr(access, 'r') ? BPF_DEVCG_ACC_READ : 0) |
	       (strchr(access, 'w') ? BPF_DEVCG_ACC_WRITE : 0);
}

/* Jumps past the rule's end, which is not known yet. */
struct skips {
	int at[4], n;
};

static void skip_if(struct program *p, struct skips *skips, uint8_t jump, int reg, int32_t value)
{
	skips->at[skips->n++] = p->n;
	emit(p, BPF_JMP | jump | BPF_K, reg, 0, 0, value);
}

static void emit_verdict(struct program *p, bool allow)
{
	emit(p, BPF_ALU64 | BPF_MOV | BPF_K, VERDICT, 0, 0, allow);
	emit(p, BPF_JMP | BPF_EXIT, 0, 0, 0, 0);
}

/* To be allowed, all that is wanted must be in the rule; to be denied, some of it. */
static void emit_rule(struct program *p, const struct device_rule *rule)
{
	struct skips skips = {0};
	int32_t bits = access_bits(rule->access);

	if (rule->type != 'a')
		skip_if(p, &skips, BPF_JNE, TYPE,
			rule->type == 'b' ? BPF_DEVCG_DEV_BLOCK : BPF_DEVCG_DEV_CHAR);
	if (bits != ACCESS_ALL) {
		emit(p, BPF_ALU | BPF_MOV | BPF_X, CONTEXT, ACCESS, 0, 0);
		emit(p, BPF_ALU | BPF_AND | BPF_K, CONTEXT, 0, 0,
		     rule->allow ? ~bits & ACCESS_ALL : bits);
		skip_if(p, &skips, rule->allow ? BPF_JNE : BPF_JEQ, CONTEXT, 0);
	}
	if (rule->major >= 0)
		skip_if(p, &skips, BPF_JNE, MAJOR, (int32_t)rule->major);
	if (rule->minor >= 0)
		skip_if(p, &skips, BPF_JNE, MINOR, (int32_t)rule->minor);
	emit_verdict(p, rule->allow);
	for (int i = 0; i < skips.n; i++)
		p->v[skips.at[i]].off = (int16_t)(p->n - skips.at[i] - 1);
}

/* struct bpf_cgroup_dev_ctx: access << 16 | type, major, minor. */
static void emit_load(struct program *p)
{
	const uint8_t load = BPF_LDX | BPF_MEM | BPF_W;

	emit(p, load, TYPE, CONTEXT, 0, 0);
	emit(p, BPF_ALU | BPF_MOV | BPF_X, ACCESS, TYPE, 0, 0);
	emit(p, BPF_ALU | BPF_AND | BPF_K, TYPE, 0, 0, 0xffff);
	emit(p, BPF_ALU | BPF_RSH | BPF_K, ACCESS, 0, 0, 16);
	emit(p, load, MAJOR, CONTEXT, 4, 0);
	emit(p, load, MINOR, CONTEXT, 8, 0);
}

static void emit_all(struct program *p, const struct resources *r)
{
	emit_load(p);
	for (size_t i = DEVICE_RULES_USUAL; i > 0; i--)
		emit_rule(p, &device_rules_usual[i - 1]);
	for (size_t i = r->n_rules; i > 0; i--) {
		const struct device_rule *rule = &r->rules[i - 1];
		emit_rule(p, rule);
		/* The kernel refuses a program with code that nothing reaches. */
		if (device_rule_of_all(rule) && access_bits(rule->access) == ACCESS_ALL)
			return;
	}
	/* Without a rule about it nothing was asked for. */
	emit_verdict(p, true);
}

static int bpf(int command, union bpf_attr *attr)
{
	return (int)syscall(SYS_bpf, command, attr, sizeof(*attr));
}

/* The programs that are attached, as many as there are; 0 too where they cannot be asked for. */
static uint32_t attached(int dir, uint32_t ids[static PROGRAMS_MAX])
{
	union bpf_attr query = {.query = {.target_fd = (uint32_t)dir,
					  .attach_type = BPF_CGROUP_DEVICE,
					  .prog_cnt = PROGRAMS_MAX,
					  .prog_ids = (uint64_t)(uintptr_t)ids}};

	return bpf(BPF_PROG_QUERY, &query) < 0 ? 0 : query.query.prog_cnt;
}

static void detach(int dir, const uint32_t *ids, uint32_t n)
{
	for (uint32_t i = 0; i < n; i++) {
		union bpf_attr get = {.prog_id = ids[i]};
		AUTO_FD int fd = bpf(BPF_PROG_GET_FD_BY_ID, &get);
		union bpf_attr detach = {.target_fd = (uint32_t)dir,
					 .attach_bpf_fd = (uint32_t)fd,
					 .attach_type = BPF_CGROUP_DEVICE};
		if (fd >= 0)
			bpf(BPF_PROG_DETACH, &detach);
	}
}

static int load(const struct program *p)
{
	union bpf_attr attr = {.prog_type = BPF_PROG_TYPE_CGROUP_DEVICE,
			       .insns = (uint64_t)(uintptr_t)p->v,
			       .insn_cnt = (uint32_t)p->n,
			       .license = (uint64_t)(uintptr_t) "Apache-2.0"};

	return bpf(BPF_PROG_LOAD, &attr);
}

/* All that are attached have a say, so there is no moment without one: the new one first. */
static int replace(int dir, int fd)
{
	uint32_t before[PROGRAMS_MAX], n = attached(dir, before);
	union bpf_attr attach = {.target_fd = (uint32_t)dir,
				 .attach_bpf_fd = (uint32_t)fd,
				 .attach_type = BPF_CGROUP_DEVICE,
				 .attach_flags = BPF_F_ALLOW_MULTI};

	if (bpf(BPF_PROG_ATTACH, &attach) < 0)
		return -errno;
	detach(dir, before, n);
	return 0;
}

int cgroup_devices_v2(const char *path, const struct resources *r, struct err *err)
{
	AUTO_FREE struct program *p = xcalloc(1, sizeof(*p));
	AUTO_FD int dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (r->n_rules > RULES_MAX - DEVICE_RULES_USUAL)
		return err_say(err, E2BIG, "linux.resources.devices: more than %d rules",
			       RULES_MAX - DEVICE_RULES_USUAL);
	emit_all(p, r);
	AUTO_FD int fd = dir < 0 ? -1 : load(p);
	if (fd < 0)
		return err_set(err, errno, "linux.resources.devices: load a BPF program for %s",
			       path);
	int rc = replace(dir, fd);
	return rc < 0 ? err_set(err, -rc, "linux.resources.devices: attach a BPF program to %s",
				path)
		      : 0;
}
