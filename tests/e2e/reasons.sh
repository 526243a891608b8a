#!/bin/bash
# SPDX-License-Identifier: Apache-2.0
# Each reason for which the kernel refuses a call is provoked there, and the model names it.
# Ids of namespaces come in batches, one for each CPU, and a pin of an older id is refused.
set -eu
exec taskset -c 0 "$REASONS" "$(dirname "$0")"/../reasons/*.why
