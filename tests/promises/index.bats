#!/usr/bin/env bats
# */promises.tsv, the lists of what is documented, point at tests and lines that are there.

load ../lib/common
load ../lib/bench

rows() {
	grep -hv '^#' "$TOP"/tests/promises/*/promises.tsv
}

@test "each promise has a test of that name, or a line of docs/DIFFERENCES.md" {
	local promise where file wrong=0
	while IFS=$'\t' read -r promise where; do
		file=${where%%: *}
		if [[ $file == differs ]]; then
			differs "${where#*: }" || wrong=1
		else
			grep -qF -- "@test \"${where#*: }\"" "$TOP/tests/$file" || {
				echo "$promise: tests/$file has no test: ${where#*: }"
				wrong=1
			}
		fi
	done < <(rows)
	[ "$wrong" -eq 0 ]
}

@test "every line of docs/DIFFERENCES.md is some promise's" {
	local line wrong=0
	rows | sed -n 's/.*\tdiffers: //p' >differs
	while read -r line; do
		grep -qFf differs <<<"$line" || {
			echo "no promise differs so: $line"
			wrong=1
		}
	done < <(grep '^|' "$TOP/docs/DIFFERENCES.md" | tail -n +3)
	[ "$wrong" -eq 0 ]
}
