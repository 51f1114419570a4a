# What the tests of bench.sh share: a run that takes a moment, and where it is.
# shellcheck disable=SC2034,SC2119,SC2120 # all of it is for them

# The programs are built: nothing is installed or made while tests run side by side.
export TOKPIPE_BIN=${TOKPIPE_BIN:-$TOP/bin}

# Prompts that are here, fast replies.
fast=(--set prompts.file=null --input-tokens 8 --max-tokens 4 --warmup 2)
fast_engine=(--engine-arg=--time-to-first-token=2ms --engine-arg=--inter-token-latency=1ms)

# slow_engine: two seconds a reply, so that there is time to interrupt one.
slow_engine=(--engine-arg=--time-to-first-token=10ms --engine-arg=--inter-token-latency=20ms)

# latest [DIR]: the run that was made last.
latest() {
	# shellcheck disable=SC2012 # the documented way
	printf '%s\n' "${1-runs}/$(ls -1t "${1-runs}" | head -n 1)"
}

# start_sim OPTION…: an engine of the test's own; sets url.  teardown ends it.
start_sim() {
	url=$("$TOP/setup/engines/sim.sh" up --state "$BATS_TEST_TMPDIR/own.state" -- "$@")
}

teardown() {
	"$TOP/setup/engines/sim.sh" down --state "$BATS_TEST_TMPDIR/own.state"
}

# field FILTER: of the latest run's run.json.
field() {
	jq -r "$1" "$(latest)/run.json"
}

# ids FILE: the ids of the records that are no warm-up, sorted.
ids() {
	jq -c 'select(.phase != "warmup") | .id' "$1" | sort -n
}

# differs TEXT: docs/DIFFERENCES.md has a line about TEXT, with its reason.
differs() {
	grep -F -- "$1" "$TOP/docs/DIFFERENCES.md" | grep -qE '^\|.+\|.+\|.+\|$' || {
		echo "docs/DIFFERENCES.md has no line about: $1"
		return 1
	}
}
