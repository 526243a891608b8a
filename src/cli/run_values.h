/* SPDX-License-Identifier: Apache-2.0 */
/* The values that options of run take, checked; each error says what would be right. */
#ifndef CLI_RUN_VALUES_H
#define CLI_RUN_VALUES_H

#include "base/str.h"

/* private, rprivate, …, unchanged -> MS_ bit, 0 for unchanged */
int run_parse_propagation(const char *value, uint64_t *ret, struct err *err);
/* "pid,net" -> CLONE_NEW* */
int run_parse_namespaces(const char *value, uint64_t *ret, struct err *err);
int run_parse_memory(const char *value, uint64_t *ret, struct err *err);
/* "1.5" -> 150000, microseconds in each 100,000 */
int run_parse_cpus(const char *value, uint64_t *ret, struct err *err);
int run_parse_pids(const char *value, uint64_t *ret, struct err *err);
int run_check_user(const char *value, struct err *err);
/* NAME=VALUE, or NAME for the caller's value; the later one of a name wins. */
int run_set_variable(struct strv *env, const char *value, struct err *err);

#endif
