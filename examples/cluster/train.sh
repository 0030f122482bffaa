#!/usr/bin/env bash
# Begins a run, or goes on with it where its folder is there already. Every process of the run gives the same command: none of them
# begins the folder before all have joined, so all decide alike.
#
#     train.sh CONFIG RUN [options of `eim train`]
set -euo pipefail
config=$1 run=$2
shift 2
if [[ -e $run/config.yaml ]]; then
  exec eim train --resume "$run" "$@"
fi
exec eim train "$config" --out "$run" "$@"
