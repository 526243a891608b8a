// SPDX-License-Identifier: Apache-2.0
/* What apply says before it begins, and how it holds tables against the plan; in memory. */
#include "unit.h"

#include "plan/apply.h"
#include "read/table.h"

struct world {
	struct mnt_ns ns[2];
	struct mnt_world world;
};

/* Two namespaces; b NULL: one. */
static void world_init(struct world *w, const char *a, const char *b)
{
	*w = (struct world){.world = {.n_ns = b ? 2 : 1, .kernel = "6.18.0"}};
	w->world.ns = w->ns;
	for (uint32_t i = 0; i < w->world.n_ns; i++) {
		const char *text = i ? b : a;
		w->ns[i] = (struct mnt_ns){.inode = i + 1, .has_table = true};
		assert_works(read_mountinfo_text(text, strlen(text), "t", &w->ns[i].table, err));
	}
}

static void world_done(struct world *w)
{
	for (uint32_t i = 0; i < w->world.n_ns; i++)
		mnt_table_done(&w->ns[i].table);
}

/* What cannot be undone, a line each; and "HOW" of each op that is not undone plainly. */
static char *survey(const char *ops_text, const char *a, const char *b)
{
	AUTO(ops) struct ops ops = {0};
	AUTO(buf) struct buf out = {0};
	struct apply_survey s;
	struct world w;

	world_init(&w, a, b);
	for (uint32_t i = 0; i < w.world.n_ns; i++)
		for (size_t k = 0; k < w.ns[i].table.n; k++)
			w.ns[i].table.v[k].unique = w.ns[i].table.v[k].id;
	assert_works(ops_parse(&ops, "ops", ops_text, err));
	assert_works(apply_survey_init(&s, &w.world, &ops, 0, err));
	for (size_t i = 0; i < s.limits.n; i++)
		buf_addf(&out, "%s\n", s.limits.v[i]);
	for (size_t i = 0; i < ops.n; i++)
		if (s.how[i])
			buf_addf(&out, "%zu %s\n", i + 1,
				 s.how[i] == APPLY_SPREADS ? "spreads" : "for good");
	apply_survey_done(&s);
	world_done(&w);
	return buf_take(&out);
}

#define assert_survey(want_, ops_, a_, b_) assert_yields(want_, survey(ops_, a_, b_))

#define ROOT   "10 1 8:1 / / rw - ext4 /dev/sda rw\n"
#define SHARED ROOT "11 10 0:50 / /s rw shared:2 - tmpfs s rw\n"
#define PEER   "20 1 8:1 / / rw - ext4 /dev/sda rw\n21 20 0:50 / /s rw shared:2 - tmpfs s rw\n"
#define SLAVE  "20 1 8:1 / / rw - ext4 /dev/sda rw\n21 20 0:50 / /s rw master:2 - tmpfs s rw\n"
#define HERE   SHARED "12 10 0:50 / /peer rw shared:2 - tmpfs s rw\n"
/* The last op is one that could be refused. */
#define LAST "\ntmpfs /last"

static void test_groups(void **state)
{
#define LEAVES                                                                                     \
	": 1 mount would leave its peer group or master for good: no peer is in this namespace "   \
	"by way of which to return\n"
	assert_survey("op 1, make-private /s" LEAVES, "make-private /s" LAST, SHARED, PEER);
	assert_survey("op 1, make-private /s" LEAVES, "make-private /s" LAST, SHARED, SLAVE);
	assert_survey("op 1, make-slave /s" LEAVES, "make-slave /s" LAST, SHARED, PEER);
	/* It is the last: nothing is undone. A group of its own, or a peer at hand. */
	assert_survey("", "make-private /s", SHARED, PEER);
	assert_survey("", "make-private /s" LAST, SHARED, NULL);
	assert_survey("", "make-private /s" LAST, HERE, PEER);
	assert_survey("", "make-shared /" LAST, SHARED, NULL);
	/* A slave of a group that is elsewhere. */
	assert_survey("op 1, make-private /s" LEAVES, "make-private /s" LAST,
		      ROOT "11 10 0:50 / /s rw master:2 - tmpfs s rw\n", PEER);
}

static void test_gone(void **state)
{
	assert_survey("op 1, umount /s: 1 mount would be gone for good\n", "umount /s" LAST, SHARED,
		      PEER);
	assert_survey("", "tmpfs /x\numount /x" LAST, SHARED, PEER);
	assert_survey(
		"op 1, reconfigure /s ro: the file system's options would stay the new ones\n",
		"reconfigure /s ro" LAST, SHARED, NULL);
}

static void test_moves(void **state)
{
	static const char two[] = SHARED "12 10 0:51 / /m rw - tmpfs m rw\n";

	assert_survey("", "move /m /n" LAST, two, NULL);
	assert_survey("op 1, move /m /s/x: it goes onto a shared mount, from which nothing can be "
		      "moved\n",
		      "move /m /s/x" LAST, two, NULL);
	assert_survey("op 1, move /m/n /m: it covers the place where it was\n", "move /m/n /m" LAST,
		      ROOT "11 10 0:50 / /m rw - tmpfs m rw\n12 11 0:51 / /m/n rw - tmpfs n rw\n",
		      NULL);
}

static void test_hidden(void **state)
{
	assert_survey("op 1, set-attr / rec noexec: 1 mount that it changes is covered by others, "
		      "and cannot be changed back\n",
		      "set-attr / rec noexec" LAST,
		      ROOT "11 10 0:50 / /a rw - tmpfs a rw\n"
			   "12 11 0:51 / /a rw - tmpfs b rw\n",
		      NULL);
}

static void test_trees(void **state)
{
	assert_survey("", "bind /s /x" LAST, SHARED, PEER);
	assert_survey("2 spreads\n", "rbind / /s/x" LAST, SHARED, PEER);
	/* Onto itself, where the other one has a mount there: that would go along. */
	assert_survey("op 2, bind /s /s: a copy of it arrives beneath another mount, which its "
		      "unmounting would take away\n2 for good\n",
		      "bind /s /s" LAST, SHARED, SLAVE "22 21 0:52 / /s rw - tmpfs own rw\n");
}

static void test_refuses(void **state)
{
	AUTO(ops) struct ops ops = {0};
	struct apply_survey s;
	struct world w;

	world_init(&w, SHARED, NULL);
	assert_works(ops_parse(&ops, "ops", "unshare mnt", err));
	assert_fails(EINVAL, "would end with mntns", apply_survey_init(&s, &w.world, &ops, 0, err));
	apply_survey_done(&s);
	world_done(&w);
}

/* "ours TEXT" or "others TEXT" for each difference of the tables `now` from the plan. */
static char *compare(bool undone, const char *ops_text, const char *a, const char *b,
		     const char *now_a, const char *now_b)
{
	AUTO(ops) struct ops ops = {0};
	AUTO(buf) struct buf out = {0};
	struct plan_differences d = {0};
	struct world w, now;
	struct plan plan;

	world_init(&w, a, b);
	world_init(&now, now_a, now_b);
	assert_works(ops_parse(&ops, "ops", ops_text, err));
	assert_works(plan_init(&plan, &w.world, &ops, NULL, 0, PLAN_KEEP, err));
	assert_null(plan.refused);
	assert_works(plan_compare(&plan, undone, &now.world, &d, err));
	for (size_t i = 0; i < d.n; i++)
		buf_addf(&out, "%s %s\n", d.v[i].ours ? "ours" : "others", d.v[i].text);
	plan_differences_done(&d);
	plan_done(&plan);
	world_done(&w);
	world_done(&now);
	return buf_take(&out);
}

/* An empty buffer gives no text at all. */
#define assert_compare(want_, ...) assert_yields(want_, compare(__VA_ARGS__))

#define NEW "99 11 0:77 / /s/x rw,relatime shared:7 - tmpfs tmpfs rw\n"

static void test_as_planned(void **state)
{
	assert_compare("", false, "tmpfs /s/x", SHARED, PEER, SHARED NEW,
		       PEER "98 21 0:77 / /s/x rw,relatime shared:7 - tmpfs tmpfs rw\n");
	assert_compare("ours mnt:[2] /s/x: its propagation is not the one planned\n", false,
		       "tmpfs /s/x", SHARED, PEER, SHARED NEW,
		       PEER "98 21 0:77 / /s/x rw,relatime shared:8 - tmpfs tmpfs rw\n");
	assert_compare("ours mnt:[2] /s/x: it is not there\n", false, "tmpfs /s/x", SHARED, PEER,
		       SHARED NEW, PEER);
	assert_compare("ours mnt:[1] /s/x: its attributes are not those planned\n", false,
		       "tmpfs /s/x ro", ROOT "11 10 0:50 / /s rw shared:2 - tmpfs s rw\n", NULL,
		       SHARED NEW, NULL);
	assert_compare("ours mnt:[1] /s: it is still there, or elsewhere\n", false, "umount /s",
		       SHARED, NULL, SHARED, NULL);
}

static void test_by_others(void **state)
{
	static const char more[] = SHARED "12 10 0:51 / /m rw - tmpfs m rw\n";

	assert_compare("others mnt:[1] /m: a mount that is not in the plan\n", false,
		       "set-attr /s ro", SHARED, NULL,
		       ROOT "11 10 0:50 / /s ro shared:2 - tmpfs s rw\n"
			    "12 10 0:51 / /m rw - tmpfs m rw\n",
		       NULL);
	assert_compare("others mnt:[1] /m: it is not there\n", false, "set-attr /s ro", more, NULL,
		       ROOT "11 10 0:50 / /s ro shared:2 - tmpfs s rw\n", NULL);
	/* The group has another number now; but the two are in one still. */
	assert_compare("", false, "set-attr /s ro", HERE, NULL,
		       ROOT "11 10 0:50 / /s ro shared:9 - tmpfs s rw\n"
			    "12 10 0:50 / /peer rw shared:9 - tmpfs s rw\n",
		       NULL);
}

static void test_undone(void **state)
{
	assert_compare("", true, "tmpfs /s/x", SHARED, PEER, SHARED, PEER);
	assert_compare("ours mnt:[1] /s/x: it is still there, or elsewhere\n", true, "tmpfs /s/x",
		       SHARED, PEER, SHARED NEW, PEER);
	assert_compare("ours mnt:[1] /s: it is not there\n", true, "umount /s", SHARED, NULL, ROOT,
		       NULL);
	assert_compare("ours mnt:[1] /s: its propagation is not the one planned\n", true,
		       "make-private /s", SHARED, PEER,
		       ROOT "11 10 0:50 / /s rw shared:8 - tmpfs s rw\n", PEER);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_groups),	   cmocka_unit_test(test_gone),
		cmocka_unit_test(test_moves),	   cmocka_unit_test(test_hidden),
		cmocka_unit_test(test_trees),	   cmocka_unit_test(test_refuses),
		cmocka_unit_test(test_as_planned), cmocka_unit_test(test_by_others),
		cmocka_unit_test(test_undone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
