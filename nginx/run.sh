#!/bin/sh
# SPDX-License-Identifier: MIT
#
# What `make run` runs after the build: a state folder with the demo tenant,
# its policy, key and register, then nginx and the handlers until Ctrl-C.
set -eu
cd "$(dirname "$0")/.."
state=${STATE:-state}
port=${PORT:-8080}
bonigate=build/release/bonigate
data=src/data

mkdir -p "$state"
export BONIGATE_STATE="$state"
$bonigate init
$bonigate tenant list | grep -q '^demo	' || $bonigate tenant add demo 'Demo shop'
# A policy that was changed by hand stays; ours is put in force once.
$bonigate policy list demo 2>/dev/null | grep -q . || $bonigate policy put demo $data/policies/demo.json >/dev/null
$bonigate key add demo --mode test --scopes checkout,lead,read --label 'make run' --file "$state/demo.key"
# Dates of the demo register count from the day of the import, so it is imported anew.
for kind in companies accounts insolvency signals; do
	$bonigate import $kind $data/demo/$kind.csv --register test >/dev/null
done
$bonigate index --register test >/dev/null

exec $bonigate run --state "$state" --port "$port" --nginx nginx
