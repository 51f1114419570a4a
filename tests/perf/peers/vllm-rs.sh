#!/usr/bin/env bash
# vllm-rs: vLLM's client in Rust ("vllm-rs bench serve"), one file of vLLM's wheel, which runs alone.
set -euo pipefail

# shellcheck source=tests/perf/peers/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# shellcheck disable=SC2034 # of lib.sh
name=vllm-rs version=$vllm_version mb=800

# install_into DIR: the file, and nothing else of the wheel.
install_into() {
	new_venv "$1"
	pip "$1" download --no-deps --dest "$1/tmp" "vllm==$version"
	python3 -c 'import sys, zipfile; zipfile.ZipFile(sys.argv[1]).extract("vllm/vllm-rs", sys.argv[2])' \
		"$1"/tmp/vllm-*.whl "$1/tmp"
	mv "$1/tmp/vllm/vllm-rs" "$1/bin/vllm-rs"
	chmod +x "$1/bin/vllm-rs"
}

the_command() {
	command=("$dir/bin/vllm-rs" bench serve)
	vllm_bench_options
}

peer "$@"
