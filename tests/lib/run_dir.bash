# Run directories for the tests of what is computed from one.

# make_run DIR ARG…: a run directory (the arguments are those of oracle/rundir.py) with its results.
make_run() {
	python3 "$TOP/tests/oracle/rundir.py" "$@"
	"$TOP/scripts/results.sh" --run-dir "$1"
}
