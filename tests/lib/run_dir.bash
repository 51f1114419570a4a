# Run directories for the tests of what is computed from one.

# make_run DIR ARG…: a run directory (the arguments are those of oracle/rundir.py) with its results.
make_run() {
	python3 "$TOP/tests/oracle/rundir.py" "$@"
	"$TOP/scripts/results.sh" --run-dir "$1"
}

# documented FILE: "KEY<TAB>PIPELINE" of each row of that file's table in docs/RESULTS.md.
documented() {
	# shellcheck disable=SC2016 # the backquotes are those of Markdown
	awk -v want="## $1" '/^## / { on = $0 == want } on && /^\| `/' "$TOP/docs/RESULTS.md" |
		sed 's/\\|/\x01/g; s/^| `\([^`]*\)` |[^|]*| `\(.*\)` |$/\1\t\2/; s/\x01/|/g'
}

# recompute FILE DIR: run every documented pipeline of FILE in DIR and compare.
recompute() {
	local key line got want wrong=0
	documented "$1" >rows
	while IFS=$'\t' read -r key line; do
		got=$(cd "$2" && bash -c "set -o pipefail; $line" | jq -Sc .)
		want=$(jq -Sc --arg key "$key" 'getpath($key | split("."))' "$2/$1")
		[ "$got" = "$want" ] || {
			echo "$key: $want in $1, $got by: $line"
			wrong=1
		}
	done <rows
	return "$wrong"
}
