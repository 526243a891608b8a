/* SPDX-License-Identifier: Apache-2.0 */
/* Ops as JSON: an array of objects, with the words of the text form; see mntns-ops(5). */
#ifndef OP_JSON_H
#define OP_JSON_H

#include <jansson.h>

#include "op/op.h"

json_t *ops_to_json(const struct ops *ops);

#endif
