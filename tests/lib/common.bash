# What every .bats file here shares: the programs on PATH, a scratch directory as the
# working directory, and assertions that show what they saw.

TOP=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
# shellcheck disable=SC2034 # used by the tests
DATA=$TOP/tests/data
PATH=${TOKPIPE_BIN:-$TOP/bin}:$PATH

bats_require_minimum_version 1.5.0

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	export TMPDIR=$BATS_TEST_TMPDIR # what is left there goes with it
}

# is STATUS [TEXT…]: $status is STATUS, and $output and $stderr together hold each TEXT.
is() {
	local want=$1 text all
	shift
	all=${output-}$'\n'${stderr-}
	# shellcheck disable=SC2154 # status is bats's
	if [ "$status" -ne "$want" ]; then
		printf 'status %s, expected %s: %s\n%s\n' "$status" "$want" "${BATS_RUN_COMMAND-}" "$all"
		return 1
	fi
	for text in "$@"; do
		[[ $all == *"$text"* ]] && continue
		printf 'not found: %s\nin: %s\n%s\n' "$text" "${BATS_RUN_COMMAND-}" "$all"
		return 1
	done
}

# same EXPECTED ACTUAL: two files or texts are equal; shows the difference.
same() {
	diff -u <(printf '%s\n' "$1") <(printf '%s\n' "$2")
}

# wait_for SECONDS COMMAND…: poll until it succeeds.
wait_for() {
	local deadline=$((SECONDS + $1))
	shift
	until "$@"; do
		if ((SECONDS >= deadline)); then
			echo "gave up waiting for: $*"
			return 1
		fi
		sleep 0.05
	done
}

# needs COMMAND…: the set-up; skip where what it fetches is out of reach (status 3).
needs() {
	local code=0
	"$@" >needs.log 2>&1 3>&- || code=$?
	cat needs.log
	[ "$code" != 3 ] || skip "cannot be fetched: $(tail -n 1 needs.log)"
	return "$code"
}
