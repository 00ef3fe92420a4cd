#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What `make run` runs after the build: a state folder, then nginx and the handlers until Ctrl-C.
set -eu
cd "$(dirname "$0")/.."
state=${STATE:-state}
bonigate=build/release/bonigate

mkdir -p "$state"
exec $bonigate run --state "$state" --port "${PORT:-8080}" --nginx nginx
