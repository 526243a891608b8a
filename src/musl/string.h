/* SPDX-License-Identifier: Apache-2.0 */
/* Errors in glibc's words, which everybody looks for, and signals by name. */
#ifndef MUSL_STRING_H
#define MUSL_STRING_H

#include_next <string.h>

/* "Device or resource busy" */
const char *usual_strerror(int code);
#define strerror(code) usual_strerror(code)
/* "TERM"; NULL: no signal, or one of real time. */
const char *sigabbrev_np(int number);

#endif
