# analyze.sh: the analysis of a run, again or elsewhere.
load lib/common
load lib/run_dir

setup_file() {
	export RUN=$BATS_FILE_TMPDIR/run
	make_run "$RUN" --requests 30 --slots 3 --fail 7
}

@test "only --run-dir: analysis.json, as results.sh writes it" {
	cp -r "$RUN" r
	rm r/analysis.json
	run "$TOP/scripts/analyze.sh" --run-dir r
	is 0 'r/analysis.json'
	cmp r/analysis.json "$RUN/analysis.json"
	grep -q '</html>' r/report.html # and the report
}

@test "--output: another file, and the run stays as it is" {
	run "$TOP/scripts/analyze.sh" --run-dir "$RUN" --output here.json
	is 0
	cmp here.json "$RUN/analysis.json"
}

@test "--output: a pipe and a device stay what they are" {
	mkfifo pipe
	"$TOP/scripts/analyze.sh" --run-dir "$RUN" --output pipe &
	timeout 20 jq -e .summary.total_requests pipe
	wait $!
	[ -p pipe ]
	run --separate-stderr "$TOP/scripts/analyze.sh" --run-dir "$RUN" --output nowhere/a.json
	is 4 'nowhere/a.json: cannot be written'
}

@test "it computes what is missing first" {
	python3 "$TOP/tests/oracle/rundir.py" bare --requests 30 --slots 3 --fail 7
	run "$TOP/scripts/analyze.sh" --run-dir bare
	is 0
	cmp bare/analysis.json "$RUN/analysis.json"
}

@test "resources without a cluster: null with the reason, exit status 0" {
	KUBECONFIG=$PWD/none run "$TOP/scripts/analyze.sh" --run-dir "$RUN" --namespace ml-prod --service demo-llm --output o.json
	is 0 'resources are not measured: pods of ml-prod/demo-llm'
	jq -e 'has("resources") and .resources == null and (.not_measured.resources | startswith("pods of ml-prod/demo-llm: "))' o.json
	KUBECONFIG=$PWD/none KVMINI_NAMESPACE=team run "$TOP/scripts/analyze.sh" --run-dir "$RUN" --service demo-llm --output o.json
	is 0 'resources are not measured: pods of team/demo-llm'
	jq 'del(.resources, .not_measured)' o.json >plain.json
	cmp plain.json "$RUN/analysis.json"
}

@test "LOG_LEVEL changes no byte of the result" {
	LOG_LEVEL=DEBUG "$TOP/scripts/analyze.sh" --run-dir "$RUN" --output a.json 2>debug
	LOG_LEVEL=ERROR "$TOP/scripts/analyze.sh" --run-dir "$RUN" --output b.json 2>error
	cmp a.json b.json
	grep -q 'debug: ' debug
	[ ! -s error ]
}

@test "wrong use" {
	run "$TOP/scripts/analyze.sh"
	is 2 '--run-dir'
	run "$TOP/scripts/analyze.sh" --run-dir "$RUN" --namespace a
	is 2 '--namespace goes with --service'
	run "$TOP/scripts/analyze.sh" --run-dir "$RUN" --outptu o
	is 2 'did you mean --output'
	run "$TOP/scripts/analyze.sh" --run-dir "$RUN" --output /nowhere/o.json
	[ "$status" -ne 0 ]
}
