#!/usr/bin/env bash
# sim: the built-in simulated engine, llmsim, on a free port of this machine.  Its latencies
# are those of no real GPU; further arguments of "up" are llmsim's own and come last.
set -euo pipefail

# shellcheck source=scripts/lib/engine.sh
. "${BASH_SOURCE[0]%/*}/../../scripts/lib/engine.sh"

usage='{check | up [-- LLMSIM-OPTION...] | down | options | note} [--state FILE] [--log FILE]'
about='Start and stop the built-in simulated engine; "up" prints its URL.'

engine_check() {
	command -v llmsim >/dev/null || die 4 "llmsim: not built: run make"
}

engine_up() {
	engine_check
	running || launch 10 llmsim --port 0 --time-to-first-token 60ms --inter-token-latency 8ms "$@"
}

# Those that it means as vLLM does.
engine_options() {
	printf '%s\n' --max-model-len --max-num-seqs --enable-prefix-caching --block-size --seed
}

engine_start "$@"
