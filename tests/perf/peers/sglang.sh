#!/usr/bin/env bash
# sglang: SGLang's bench_serving in Python, without the kernels that a server would need.
set -euo pipefail

# shellcheck source=tests/perf/peers/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# shellcheck disable=SC2034 # of lib.sh
name=sglang version=$sglang_version mb=1500 with_vllm=true

# install_into DIR: of what it asks for, what its client imports.
install_into() {
	new_venv "$1"
	torch_into "$1"
	pip "$1" install --no-deps "sglang==$version"
	pip "$1" install "torch==$torch_version" torchvision transformers==5.19.0 compressed-tensors==0.18.0 \
		apache-tvm-ffi==0.1.11 sentencepiece==0.2.1 aiohttp datasets gguf IPython msgspec numpy orjson packaging \
		pillow psutil pybase64 pyzmq requests setproctitle starlette tqdm
	logged 3 "$name $version does not run on this machine" "$1/bin/python" -m sglang.benchmark.serving --help
	will_move "$1"
}

the_command() {
	command=("$dir/bin/python" -m sglang.benchmark.serving)
	sglang_bench_options
}

peer "$@"
