#!/usr/bin/env bash
# vllm: "vllm bench serve", vLLM's client in Python; the installation is that of the engine.
set -euo pipefail

# shellcheck source=tests/perf/peers/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# shellcheck disable=SC2034 # of lib.sh
name=vllm version=$vllm_version mb=1 with_vllm=true

# install_into DIR: nothing of its own.
install_into() {
	mkdir "$1"
}

the_command() {
	command=("$vllm_venv/bin/python" -m vllm.entrypoints.cli.main bench serve)
	vllm_bench_options
}

peer "$@"
