#!/usr/bin/env bash
# sglang-rs: SGLang's client in Rust (sglang.benchmark.rust_client), two files of SGLang's wheel.  The rest of the
# package is not needed for it; what would have looked for the extension's source is one line here.
set -euo pipefail

# shellcheck source=tests/perf/peers/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# shellcheck disable=SC2034 # of lib.sh
name=sglang-rs version=$sglang_version mb=200

install_into() {
	local files="$1/files"
	new_venv "$1"
	pip "$1" download --no-deps --dest "$1/tmp" "sglang==$version"
	python3 - "$1"/tmp/sglang-*.whl "$files" <<-'EOF'
		import sys, zipfile
		with zipfile.ZipFile(sys.argv[1]) as wheel:
		    for name in wheel.namelist():
		        if name == "sglang/benchmark/rust_client.py" or name.startswith("sglang/srt/rust_extensions/_bench."):
		            wheel.extract(name, sys.argv[2])
	EOF
	echo 'from importlib import import_module as load_rust_extension' >"$files/sglang/srt/rust_extensions/__init__.py"
	will_move "$1"
}

the_command() {
	export PYTHONPATH=$dir/files
	command=("$dir/bin/python" -m sglang.benchmark.rust_client)
	sglang_bench_options
}

peer "$@"
