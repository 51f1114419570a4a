#!/usr/bin/env bash
# oha: a load generator for plain HTTP, in Rust; it knows the first byte and the last one, and no tokens.
set -euo pipefail

# shellcheck source=tests/perf/peers/lib.sh
. "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

# shellcheck disable=SC2034 # of lib.sh
name=oha version=1.16.0 mb=3000

# install_into DIR: built from its source, which takes some ten minutes.
install_into() {
	command -v cargo >/dev/null || die 3 "oha $version is built by cargo, which is not here"
	CARGO_TARGET_DIR=$1/tmp logged 3 "cargo could not build oha $version: it needs the network and a Rust of this year" \
		cargo install --locked --quiet --root "$1" "oha@$version"
}

# the_command: it has no warm-up.
the_command() {
	warmup=0 measured=$requests
	jq -nc --arg model "$model" --arg prompt "$prompt" --argjson tokens "$tokens" '{$model, stream: true,
		max_tokens: $tokens, ignore_eos: true, messages: [{role: "user", content: $prompt}]}' >"$out/body.json"
	command=("$dir/bin/oha" --no-tui -n "$requests" -c "$streams" -m POST -T application/json -D body.json
		--output-format json -o peer.json "$url/v1/chat/completions")
}

peer "$@"
